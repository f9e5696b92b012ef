// A custom tool: one `main` function in Python or JavaScript, run in the sandbox.

export const toolLanguages = ['python', 'javascript'] as const;
export type ToolLanguage = (typeof toolLanguages)[number];

export const parameterTypes = [
  'string',
  'number',
  'integer',
  'boolean',
  'array',
  'object',
] as const;
export type ParameterType = (typeof parameterTypes)[number];

/** The JSON Schema subset a tool's parameter is described in. `required` is per parameter, at every depth. */
export interface ToolParameter {
  readonly type: ParameterType;
  readonly description?: string;
  readonly required?: boolean;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, ToolParameter>>;
  readonly items?: ToolParameter;
}

export type ToolParameters = Readonly<Record<string, ToolParameter>>;

export interface CustomTool {
  readonly id: string;
  readonly workspaceId: string;
  /** Kebab-case, 1–64 characters, unique in the workspace. The model sees the tool under it. */
  readonly name: string;
  readonly description: string;
  readonly language: ToolLanguage;
  readonly code: string;
  readonly parameters: ToolParameters;
  /** The author wrote them, and a change of the code leaves them; otherwise they were read from the code. */
  readonly areParametersGiven: boolean;
  /** Packages that the code imports, as its check found them. */
  readonly packages: readonly string[];
  readonly executionMessageDescription: string;
  readonly enableGlobally: boolean;
  /** A change of the code bumps it. */
  readonly version: number;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly network: { readonly allow: readonly string[] } | null;
  readonly secrets: readonly string[];
  /** A call in flight at a crash may be repeated (I5). */
  readonly idempotent: boolean;
  readonly requiresApproval: boolean;
  /** A call may change something outside: a dry run writes it down and does not make it. */
  readonly hasEffects: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const toolDefaults = { timeoutMs: 30_000, memoryMb: 256 } as const;
export const toolMaxima = { timeoutMs: 300_000, memoryMb: 2_048 } as const;
/** Names of built-in tools, which a custom tool cannot take. */
export const reservedToolNames = [
  'finish',
  'load-skill',
  'load_skill',
  'read-skill-file',
  'read_skill_file',
  'run-skill-script',
  'run_skill_script',
  'open-context',
  'open_context',
  'remember',
  'forget',
  'recall',
  'find-records',
  'find_records',
  'search-knowledge',
  'search_knowledge',
  'read-output',
  'read_output',
  'read-attachment',
  'read_attachment',
  'http-request',
  'http_request',
  'schedule',
  'propose-field-update',
  'update-field',
  'propose-technician',
  'run-script',
] as const;
