import type { TriggerType } from './agent.ts';
import type { Disposition } from './disposition.ts';

// A run's states and what may be done in each. Terminal states are final (I6).

export const runStatuses = [
  'accepted',
  'running',
  'waiting',
  'completed',
  'failed',
  'cancelled',
] as const;
export type RunStatus = (typeof runStatuses)[number];

/** Who decides when a run goes on: this product over its database, or a Temporal cluster. */
export const engineNames = ['local', 'temporal'] as const;
export type EngineName = (typeof engineNames)[number];

export const terminalStatuses = ['completed', 'failed', 'cancelled'] as const;
export type TerminalStatus = (typeof terminalStatuses)[number];

export const stopReasons = [
  'completed',
  'failed',
  'cancelled',
  'max_steps',
  'max_tokens',
  'max_cost',
  'timeout',
  'poison',
  'interrupted',
] as const;
export type StopReason = (typeof stopReasons)[number];

/** Tokens and money; the cost is null when a price was unknown. */
export interface RunTotals {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** USD. */
  readonly costUsd: number | null;
}

/** What the run that asked for another had left for it. */
export interface RunBudget {
  readonly maxTokens: number;
  readonly maxCostUsd: number | null;
  /** ISO 8601. */
  readonly until: string;
}

export interface Run {
  readonly id: string;
  /** Public execution id (`run_…`), the same under every engine. */
  readonly runId: string;
  readonly workspaceId: string;
  readonly agentId: string;
  readonly agentVersion: number;
  readonly triggerId: string | null;
  readonly triggerType: TriggerType | null;
  readonly triggerEventId: string | null;
  readonly conversationId: string | null;
  readonly contactId: string | null;
  /** The conversation's count that it has read up to, and answers; null: its reply goes to nobody. */
  readonly readRev: number | null;
  readonly sessionId: string | null;
  readonly entityId: string | null;
  readonly additionalInstructions: string | null;
  readonly retryOf: string | null;
  /** The run whose agent called this one's as a tool. */
  readonly parentRunId: string | null;
  /** The agents of the runs above it, from the first one's down to the parent's. */
  readonly ancestry: readonly string[];
  readonly budget: RunBudget | null;
  /** What runs below it used that have ended. */
  readonly childrenUsed: RunTotals;
  /** The run whose first steps, those before `fromStep`, were copied into this one. */
  readonly forkedFrom: string | null;
  readonly fromStep: number | null;
  /** In place of the agent's own. */
  readonly instructions: string | null;
  /** Calls of tools with outside effects are journaled and not made. */
  readonly dryRun: boolean;
  /** The test run that it belongs to: nothing outside of tests is told of it or counts it. */
  readonly testRunId: string | null;
  /** JSON text, as it was given (I9). */
  readonly payloadJson: string;
  readonly model: string;
  /** As `core/trace-context.ts` writes it: the trace id, and the span of its caller if there is one. */
  readonly traceId: string;
  /** For good: a run ends where it began. */
  readonly engine: EngineName;
  /** The execution of the cluster's that drives it, or last did; null under `local`. */
  readonly engineRunId: string | null;
  readonly status: RunStatus;
  readonly owner: string | null;
  readonly epoch: number;
  readonly wakeAt: Date | null;
  /** Owners that died at the step that comes next; from the second on the run is driven alone. */
  readonly crashes: number;
  /** Calls of the step that comes next which may have been made and were not committed (I4, I5). */
  readonly lostAttempts: number;
  /** Crashes while it was driven alone. */
  readonly strikes: number;
  readonly lastSeq: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** USD; null when a price was unknown. */
  readonly costUsd: number | null;
  readonly disposition: Disposition | null;
  readonly dispositionReason: string | null;
  readonly response: string | null;
  readonly reflection: string | null;
  /** JSON text of the structured output. */
  readonly outputJson: string | null;
  readonly stopReason: StopReason | null;
  readonly error: string | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly completedAt: Date | null;
}

/** What a run leaves behind when it ends. */
export interface RunOutcome {
  readonly status: TerminalStatus;
  readonly stopReason: StopReason;
  readonly disposition: Disposition | null;
  readonly dispositionReason: string | null;
  readonly response: string | null;
  readonly reflection: string | null;
  readonly outputJson: string | null;
  readonly error: string | null;
}

/** What a run has used, with all that it asked other agents for. */
export function totalsOf(
  run: Pick<Run, 'inputTokens' | 'outputTokens' | 'costUsd' | 'childrenUsed'>,
): RunTotals {
  const { childrenUsed: below } = run;
  return {
    inputTokens: run.inputTokens + below.inputTokens,
    outputTokens: run.outputTokens + below.outputTokens,
    costUsd: run.costUsd === null || below.costUsd === null ? null : run.costUsd + below.costUsd,
  };
}

export function isTerminal(status: RunStatus): status is TerminalStatus {
  return (terminalStatuses as readonly string[]).includes(status);
}

/** State rules as sentences: `runCan.cancel(run)`. */
export const runCan = {
  cancel: (run: Pick<Run, 'status'>): boolean => !isTerminal(run.status),
  retry: (run: Pick<Run, 'status'>): boolean => isTerminal(run.status),
} as const;
