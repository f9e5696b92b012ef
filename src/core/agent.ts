import type { ApprovalSettings } from './approval.ts';
import type { ChainAction } from './chain.ts';
import type { ToolParameters } from './custom-tool.ts';
import type { MemorySettings } from './memory.ts';
import type { OutputField } from './output-field.ts';

// An agent and its triggers, as the domain knows them. The dialects map from these.

export const operationModes = ['autopilot', 'copilot', 'inactive'] as const;
export type OperationMode = (typeof operationModes)[number];

export const responseLanguages = [
  'English',
  'Original',
  'Spanish',
  'French',
  'German',
  'Italian',
  'Portuguese',
] as const;
export type ResponseLanguage = (typeof responseLanguages)[number];

export const triggerTypes = ['cron', 'webhook', 'event', 'message'] as const;
export type TriggerType = (typeof triggerTypes)[number];

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

export interface Guardrail {
  readonly id: string;
  readonly title: string;
  readonly knowledge: string;
}

/** `from` and `to` are `HH:MM`; a `to` before `from` passes midnight. */
export interface ScheduleWindow {
  readonly days: readonly Weekday[];
  readonly from: string;
  readonly to: string;
}

export interface AutopilotSchedule {
  readonly timezone: string;
  readonly windows: readonly ScheduleWindow[];
}

/** Caps of one run; null takes the server's default. */
export interface RunLimits {
  readonly max_steps: number | null;
  readonly max_tokens: number | null;
  readonly max_cost_usd: number | null;
  readonly timeout_ms: number | null;
}

/** A custom tool as a version of an agent keeps it; its code is that of the tool's version. */
export interface ToolPin {
  readonly version: number;
  readonly description: string;
  readonly parameters: ToolParameters;
  readonly packages: readonly string[];
}

/** What a saved version of an agent holds: everything that decides how its runs behave. */
export interface AgentDefinition {
  readonly name: string;
  readonly description: string;
  readonly instructions: string;
  readonly guardrails: readonly Guardrail[];
  readonly operation_mode: OperationMode;
  readonly autopilot_schedule: AutopilotSchedule | null;
  readonly custom_response_delay_ms: number;
  readonly auto_mark_as_done: boolean;
  readonly response_language: ResponseLanguage;
  readonly responseflow: boolean;
  readonly output_schema: readonly OutputField[];
  readonly skill_ids: readonly string[];
  /** `provider/model`; null takes the server's default model. */
  readonly model: string | null;
  readonly fallback_model: string | null;
  readonly limits: RunLimits | null;
  /** Names of tools beside those that are enabled globally; null means none. */
  readonly tools: readonly string[] | null;
  readonly concurrency: number | null;
  /** A JSON pointer into the payload, or a template: runs with the same key go one at a time. */
  readonly concurrency_key: string | null;
  /** At most one triggered run an entity, ever. */
  readonly run_only_once_per_entity: boolean;
  /** Runs go one at a time, in the order in which they came. */
  readonly process_entities_sequentially: boolean;
  /** Where several agents match one event, and all heed it: the lower one runs first. */
  readonly execution_order: number | null;
  readonly ignore_execution_order: boolean;
  /** What its runs ask people for; null asks only for tools that always need it. */
  readonly approvals: ApprovalSettings | null;
  /** Replies end with the knowledge that they cite. */
  readonly cite_sources: boolean;
  /** Null: its runs neither read nor write memories. */
  readonly memory: MemorySettings | null;
  /** Names of tools that a run may call once it has read text from outside; null limits nothing. */
  readonly tools_when_untrusted: readonly string[] | null;
  /** What runs do, in order, without a model that decides it; null: the model decides. */
  readonly actions: readonly ChainAction[] | null;
  /** What clients keep of the agent beside what decides its runs: JSON of their own. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** By id: the custom tools that its tests were run with. Absent without a gate: tools as they are now. */
  readonly tool_pins?: Readonly<Record<string, ToolPin>>;
}

/** What a definition holds that says nothing of fields which came after the first version. */
export const plainOrder = {
  concurrency_key: null,
  run_only_once_per_entity: false,
  process_entities_sequentially: false,
  execution_order: null,
  ignore_execution_order: true,
  approvals: null,
  cite_sources: false,
  memory: null,
  tools_when_untrusted: null,
  actions: null,
  attributes: {},
} as const satisfies Partial<AgentDefinition>;

export interface Trigger {
  readonly id: string;
  readonly workspaceId: string;
  readonly agentId: string;
  readonly name: string;
  readonly description: string;
  readonly type: TriggerType;
  readonly config: Readonly<Record<string, unknown>>;
  readonly enabled: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface Agent {
  readonly id: string;
  /** Stable integer that Neo's dialect shows. */
  readonly number: number;
  readonly workspaceId: string;
  /** Number of the saved version, from 1. */
  readonly version: number;
  readonly enabled: boolean;
  /** While it is set, new runs are accepted and wait. */
  readonly pausedAt: Date | null;
  /** Only a version on which the agent's test cases pass goes live. */
  readonly testGate: boolean;
  readonly definition: AgentDefinition;
  readonly triggers: readonly Trigger[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface AgentVersion {
  readonly agentId: string;
  readonly version: number;
  readonly definition: AgentDefinition;
  /** The triggers as they were when this version was saved. */
  readonly triggers: readonly Trigger[];
  /** Saved to be tried: it was never live itself. */
  readonly isCandidate: boolean;
  readonly createdAt: Date;
}
