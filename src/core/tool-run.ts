import type { SpilledOutput } from './journal.ts';
import type { CallConnection } from './sandbox.ts';

// One execution of a custom tool: a call of an agent's run, or one that somebody made directly.

export const toolRunStatuses = ['running', 'done', 'failed', 'interrupted', 'cancelled'] as const;
export type ToolRunStatus = (typeof toolRunStatuses)[number];

export type ToolRunCaller =
  | {
      readonly kind: 'run';
      readonly runId: string;
      readonly agentId: string;
      readonly step: number;
    }
  /** The token may be gone. */
  | { readonly kind: 'direct'; readonly tokenId: string | null; readonly tokenName: string | null };

export interface ToolRun {
  /** Of a run's call its stable key (`run:step`), else an id of its own. */
  readonly id: string;
  readonly toolId: string;
  readonly toolVersion: number;
  readonly caller: ToolRunCaller;
  readonly status: ToolRunStatus;
  /** JSON text; null where it was left out (`shortened`). */
  readonly inputJson: string | null;
  readonly outputJson: string | null;
  readonly spilled: SpilledOutput | null;
  readonly error: string | null;
  readonly logs: string | null;
  readonly connections: readonly CallConnection[] | null;
  readonly durationMs: number | null;
  readonly startedAt: Date;
  readonly completedAt: Date | null;
  /** In a list, of a large one: input, output and logs are read from the tool run by itself. */
  readonly shortened: boolean;
}
