import type { RetentionKind } from '../core/retention.ts';
import type { Queryable } from '../store/connect.ts';
import {
  type Aged,
  deleteRuns,
  deleteToolRuns,
  deleteTriggerEvents,
  deleteWebhookMessages,
  lockPrunableRuns,
  lockUnneededRuns,
  removeEventPayloads,
  removeRunPayloads,
  removeStepLogs,
  removeToolRunLogs,
} from '../store/prune.ts';
import type { RoundName } from '../store/retention.ts';

/** What a pass goes through, in this order: what goes as a whole first. */
export interface RoundPlan {
  readonly name: RoundName;
  /** The rule that it goes by. */
  readonly kind: RetentionKind;
  readonly table: Aged;
  /**
   * How long until it begins at the oldest again: what could not go yet is found then, and nothing else is, where
   * rows go; where they stay, a round reads all of them.
   */
  readonly againAfterMs: number;
  /** Removes of the rows what can go; how much that was. */
  remove(tx: Queryable, ids: readonly string[]): Promise<number>;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export const roundPlans: readonly RoundPlan[] = [
  {
    name: 'runs',
    kind: 'runs',
    table: 'runs',
    againAfterMs: hourMs,
    remove: async (tx, ids) => await deleteRuns(tx, await lockPrunableRuns(tx, ids)),
  },
  {
    name: 'trigger_events',
    kind: 'trigger_events',
    table: 'trigger_events',
    againAfterMs: hourMs,
    remove: deleteTriggerEvents,
  },
  {
    name: 'tool_runs',
    kind: 'tool_runs',
    table: 'tool_runs',
    againAfterMs: hourMs,
    remove: deleteToolRuns,
  },
  {
    name: 'deliveries',
    kind: 'deliveries',
    table: 'webhook_messages',
    againAfterMs: hourMs,
    remove: deleteWebhookMessages,
  },
  {
    name: 'payloads',
    kind: 'payloads',
    table: 'runs',
    againAfterMs: dayMs,
    remove: async (tx, ids) => await removeRunPayloads(tx, await lockUnneededRuns(tx, ids)),
  },
  {
    name: 'event_payloads',
    kind: 'payloads',
    table: 'trigger_events',
    againAfterMs: dayMs,
    remove: removeEventPayloads,
  },
  {
    name: 'logs',
    kind: 'logs',
    table: 'runs',
    againAfterMs: dayMs,
    remove: async (tx, ids) => await removeStepLogs(tx, await lockUnneededRuns(tx, ids)),
  },
  {
    name: 'tool_run_logs',
    kind: 'logs',
    table: 'tool_runs',
    againAfterMs: dayMs,
    remove: removeToolRunLogs,
  },
];
