import type { CallConnection, CallFile } from '../core/sandbox.ts';
import type { LoadedSkill } from '../core/skill.ts';

// What the loop calls. A tool's own mistakes are outcomes; only what concerns the machine throws
// (`SandboxUnavailable`, `SandboxBusy`).

export interface AgentTool {
  /** The model sees the tool under it. */
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments: an object. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
  /** Null for built-in tools. */
  readonly toolId: string | null;
  readonly version: number | null;
  /** A call in flight at a crash may be repeated (I5). */
  readonly idempotent: boolean;
  readonly requiresApproval: boolean;
  /** A call may change something outside: a dry run writes it down and does not make it. */
  readonly hasEffects: boolean;
  /** A call is a run of the agent `toolId`, on this model, and is not made in place. */
  readonly agent?: { readonly model: string };
  /** A call asks people, and is not made in place: what it asks them, by its (checked) arguments. */
  questionOf?(value: Readonly<Record<string, unknown>>): string;
  /** Why it cannot be called, in words for the model. */
  readonly refusal?: string;
  /** Both of a call with these (checked) arguments, where it depends on them. */
  judge?(value: Readonly<Record<string, unknown>>): Pick<AgentTool, 'idempotent' | 'hasEffects'>;
  /** The arguments completed with defaults, or what is wrong with them in words for the model. */
  check(argumentsValue: unknown): CheckedToolArguments;
  call(call: ToolCall): Promise<ToolCallResult>;
}

export type CheckedToolArguments =
  | { readonly ok: true; readonly value: Record<string, unknown> }
  | { readonly ok: false; readonly problem: string };

export interface ToolCall {
  /** JSON text of arguments that `check` gave. */
  readonly inputJson: string;
  /** Stable over repeats of the same call (`run:step`). */
  readonly key: string;
  readonly signal: AbortSignal;
  /** W3C `traceparent` of the call, for requests that it makes. */
  readonly traceparent?: string;
  /** Asked right before what the tool does begins; false: it must not. */
  readonly mayStart?: () => boolean;
}

export type ToolCallResult = {
  readonly logs: string | null;
  readonly runTimeMs: number;
  /** Those that the call asked for; only of tools that may reach hosts. */
  readonly connections?: readonly CallConnection[];
} & (
  | {
      readonly ok: true;
      /** JSON text of what the tool returned: `{message, rawData?}`. */
      readonly outputJson: string;
      /** What the model reads. */
      readonly modelText: string;
      /** `modelText` is all that is for reading, however large the output: the rest is not text. */
      readonly isModelTextWhole?: true;
      /** Kept with the run. */
      readonly files?: readonly CallFile[];
      /** Is in force from now on. */
      readonly skill?: LoadedSkill;
    }
  | {
      readonly ok: false;
      readonly error: string;
      readonly modelText: string;
    }
);
