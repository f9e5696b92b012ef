// What the API answers, as far as it is printed. The server's own schemas are the authority; a member that
// a newer server adds does no harm here.

/** A run in a list, and at the end of its stream. */
export interface RunSummaryView {
  readonly id: string;
  readonly run_id: string;
  readonly agent_id: string;
  readonly status: 'accepted' | 'running' | 'completed' | 'failed';
  readonly disposition: string | null;
  readonly stop_reason: string | null;
  readonly error: string | null;
  readonly model: string;
  readonly duration_ms: number | null;
  readonly token_usage: { readonly input: number; readonly output: number } | null;
  /** USD. */
  readonly total_cost: number | null;
  readonly created_at: string;
  readonly completed_at: string | null;
}

export interface RunView extends RunSummaryView {
  readonly disposition_reason: string | null;
  readonly response: string | null;
  readonly reflection: string | null;
  readonly output: unknown;
}

export interface StepView {
  readonly step_id: string;
  readonly type: string;
  readonly status: string;
  /** The tool's or the model's name. */
  readonly name: string;
  readonly input: unknown;
  readonly output: unknown;
  readonly error: string | null;
  readonly logs: string | null;
  readonly duration_ms: number | null;
  readonly token_usage: { readonly input: number; readonly output: number } | null;
  /** USD. */
  readonly cost: number | null;
  readonly attempts: number;
}

/** `output` of a model step. */
export interface ModelOutput {
  readonly text?: string;
  readonly reasoning?: string | null;
  readonly tool_calls?: readonly { readonly name: string; readonly arguments: string }[];
  readonly nudge?: string | null;
}

export interface AgentView {
  readonly id: string;
  readonly workspace_id: string;
  readonly name: string;
  readonly description: string;
  readonly operation_mode: string;
  readonly enabled: boolean;
  readonly model: string | null;
  readonly agent_version: number;
  readonly tools: readonly string[] | null;
  readonly triggers: readonly TriggerView[];
  readonly created_at: string;
}

export interface TriggerView {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly enabled: boolean;
}

/** A single run for later. */
export interface ScheduleView {
  readonly id: string;
  readonly agent_id: string;
  readonly status: string;
  readonly scheduled_for: string;
  readonly reason: string | null;
  readonly run_id: string | null;
}

/** A cron expression, explained. */
export interface CronView {
  readonly explanation: string;
  readonly next_ticks: readonly string[];
}

export interface SentEventsView {
  readonly events: readonly {
    readonly trigger_event_id: string;
    readonly repeated: boolean;
    readonly runs: readonly { readonly run_id: string; readonly agent_id: string }[];
  }[];
}

interface FiringView {
  readonly id: string;
  readonly source: string;
  readonly type: string | null;
  readonly caused_by_run_id: string | null;
  readonly depth: number;
  readonly replay_of: string | null;
  readonly created_at: string;
}

export interface TriggerEventSummaryView extends FiringView {
  readonly verdicts: Readonly<Record<VerdictView['verdict'], number>>;
}

export interface TriggerEventView extends FiringView {
  readonly verdicts: readonly VerdictView[];
}

export interface VerdictView {
  readonly agent_name: string;
  readonly trigger_name: string | null;
  readonly verdict: 'ran' | 'not_matched' | 'refused' | 'skipped';
  readonly reason: string | null;
  readonly detail: string | null;
  readonly comparisons: readonly {
    readonly field: string;
    readonly op: string;
    readonly expected: unknown;
    readonly actual?: unknown;
    readonly matched: boolean;
  }[];
  readonly run: { readonly run_id: string } | null;
}

export interface ToolView {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly language: string;
  readonly version: number;
  readonly enable_globally: boolean;
}

export interface ToolRunView {
  readonly success: boolean;
  readonly message: string | null;
  readonly result: unknown;
  readonly error: string | null;
  readonly logs: string | null;
  readonly run_time_ms: number;
}

/** A run of a tool that the server keeps. */
export interface KeptToolRunView {
  readonly id: string;
  readonly tool_version: number;
  readonly caller: {
    readonly type: 'run' | 'direct';
    readonly agent_id?: string;
    readonly token_name?: string | null;
  };
  readonly status: string;
  readonly error: string | null;
  readonly duration_ms: number | null;
  readonly started_at: string;
}

export interface ToolVersionView {
  readonly version: number;
  readonly language: string;
  readonly code: string;
  readonly created_at: string;
}

export interface McpServerView {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly config: { readonly url?: string; readonly directory?: string };
  readonly enabled: boolean;
  readonly enable_globally: boolean;
  readonly requires_approval: boolean;
  readonly tool_count: number;
  readonly tools_read_at: string | null;
  readonly problem: string | null;
  /** Of one that is read by itself. */
  readonly authorized?: boolean | null;
}

export interface SourceToolView {
  readonly name: string;
  readonly description: string;
  readonly allowed: boolean;
  readonly has_effects: boolean;
}

export interface McpTestView {
  readonly success: boolean;
  readonly error: string | null;
  readonly tools: readonly SourceToolView[];
}

export interface DispatchView {
  readonly dispatched: boolean;
  readonly trigger_id: string;
  readonly trigger_type: string;
  readonly id: string;
  readonly run_id: string;
  /** With `?wait`, when the run ended in time. */
  readonly run?: RunView;
}

export interface WorkspaceView {
  readonly id: string;
  readonly name: string;
}

export interface RuntimeView {
  readonly language: string;
  readonly version: string;
  readonly backend: string;
}

export interface EscalationView {
  readonly id: string;
  readonly agent_run_id: string;
  readonly disposition: string;
  readonly disposition_reason: string | null;
  readonly status: string;
  readonly guest_message: string | null;
  readonly proposed_response: string | null;
  readonly questions_for_operator: readonly string[];
  readonly broken_guardrails: readonly { readonly title: string; readonly why: string }[];
  readonly superseded: boolean;
  readonly sent: { readonly response: string } | null;
  readonly created_at: string;
}

export interface ApprovalView {
  readonly id: string;
  readonly agent_id: string;
  readonly agent_name: string;
  readonly run_id: string;
  readonly status: string;
  readonly question: string;
  readonly proposal: unknown;
  readonly on_expiry: string;
  readonly expires_at: string;
  readonly note: string | null;
  readonly decided_by: { readonly id: string; readonly name: string | null } | null;
  readonly created_at: string;
}

export interface KnowledgeNodeView {
  readonly id: string;
  readonly title: string;
  readonly body: string | null;
  readonly source_type: string;
  readonly source_id: string | null;
  /** Of the file that it was read from last. */
  readonly file_sha256: string | null;
  readonly embed_status: string;
  readonly embed_error: string | null;
  readonly chunk_count: number;
  readonly version: number;
}

export interface KnowledgePassageView {
  readonly node_id: string;
  readonly context: string;
  readonly chunk_text: string;
  readonly url: string | null;
  readonly relevance_score: number;
}
