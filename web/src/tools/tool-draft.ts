import type { Runtime, Tool } from '../api/types.ts';

export interface ToolDraft {
  readonly name: string;
  readonly description: string;
  readonly language: Tool['language'];
  readonly code: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly timeout_ms: number;
  readonly memory_mb: number;
  readonly network: Tool['network'];
  readonly secrets: readonly string[];
  readonly idempotent: boolean;
  readonly has_effects: boolean;
  readonly requires_approval: boolean;
  readonly enable_globally: boolean;
}

export function newTool(runtime: Runtime | undefined): ToolDraft {
  return {
    name: '',
    description: '',
    language: runtime?.language ?? 'python',
    code: runtime?.template ?? '',
    parameters: {},
    timeout_ms: runtime?.limits.default_timeout_ms ?? 30_000,
    memory_mb: runtime?.limits.default_memory_mb ?? 256,
    network: null,
    secrets: [],
    idempotent: false,
    has_effects: false,
    requires_approval: false,
    enable_globally: false,
  };
}

export function draftOf(tool: Tool): ToolDraft {
  return {
    name: tool.name,
    description: tool.description,
    language: tool.language,
    code: tool.code,
    parameters: tool.parameters,
    timeout_ms: tool.timeout_ms,
    memory_mb: tool.memory_mb,
    network: tool.network,
    secrets: tool.secrets,
    idempotent: tool.idempotent,
    has_effects: tool.has_effects,
    requires_approval: tool.requires_approval,
    enable_globally: tool.enable_globally,
  };
}

/** What a create sends: parameters that are left empty are read from the code. */
export function inputOf({ parameters, ...draft }: ToolDraft) {
  return isEmpty(parameters) ? draft : { ...draft, parameters };
}

/** What a patch sends: the members that differ. Parameters that are left empty are read from the code. */
export function changesOf(before: ToolDraft, after: ToolDraft) {
  const names = Object.keys(after) as (keyof ToolDraft)[];
  const changed = names.filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  const changes: Partial<ToolDraft> = Object.fromEntries(
    changed.map((name) => [name, after[name]]),
  );
  const isRead =
    isEmpty(after.parameters) && (changed.includes('parameters') || changed.includes('code'));
  return isRead ? { ...changes, parameters: null } : changes;
}

const isEmpty = (parameters: ToolDraft['parameters']) => Object.keys(parameters).length === 0;

/** What is offered while code is written: the tool’s own parameters, what it returns, and what it may import. */
export function wordsOf(
  runtime: Runtime | undefined,
  draft: ToolDraft,
): readonly { readonly label: string; readonly detail: string }[] {
  const parameters = Object.entries(draft.parameters).map(([label, definition]) => {
    const { type } = (definition ?? {}) as { type?: unknown };
    return { label, detail: `parameter${typeof type === 'string' ? `, ${type}` : ''}` };
  });
  return [
    ...parameters,
    { label: 'main', detail: 'what is called' },
    { label: 'message', detail: 'of the result: what the model reads' },
    { label: 'rawData', detail: 'of the result: data for the model and the trace' },
    ...(runtime?.builtin_modules ?? []).map((label) => ({ label, detail: 'module' })),
    ...(runtime?.packages ?? []).map(({ name, version }) => ({
      label: name,
      detail: `package ${version}`,
    })),
  ];
}
