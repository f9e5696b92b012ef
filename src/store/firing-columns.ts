import { storableOrNull, toStorableText } from '../core/storable-text.ts';
import type { NewEvent, NewFiring, NewRun } from './new-firing.ts';

// What the statement that creates firings is given: an array a column, a row a run, or an event without any.
// What is the event's own is in the first row of each (`nth` is 1), its payload too, so that it travels once.

/** Which parts a batch of firings needs beside events and runs. */
export interface FiringParts {
  /** Idempotency keys. */
  readonly keyed: boolean;
  /** Verdicts, or anything that may keep a run from being created. */
  readonly judged: boolean;
  /** Runs of another engine than `local`. */
  readonly clustered: boolean;
}

export interface FiringRow {
  readonly firing: NewFiring;
  readonly event: NewEvent;
  readonly run: NewRun | null;
  /** From 1, among the rows of its event. */
  readonly nth: number;
  /** From 1, among all. */
  readonly firstRow: number;
}

type Column = readonly [name: string, type: string, value: (row: FiringRow) => unknown];

const always: readonly Column[] = [
  ['id', 'text', ofRun((run) => run.id)],
  ['run_id', 'text', ofRun((run) => run.runId)],
  ['workspace_id', 'text', ({ event }) => event.workspaceId],
  ['agent_id', 'text', ofRun((run) => run.agentId)],
  ['agent_version', 'int', ofRun((run) => run.agentVersion)],
  ['trigger_id', 'text', ofRun((run) => run.triggerId)],
  ['trigger_type', 'text', ofRun((run) => run.triggerType)],
  ['session_id', 'text', ofRun((run) => storableOrNull(run.sessionId))],
  ['entity_id', 'text', ofRun((run) => storableOrNull(run.entityId))],
  ['additional_instructions', 'text', ofRun((run) => storableOrNull(run.additionalInstructions))],
  ['retry_of', 'text', ofRun((run) => run.retryOf)],
  ['payload', 'text', ofEvent(({ event }) => event.payloadJson)],
  ['model', 'text', ofRun((run) => run.model)],
  ['trace_id', 'text', ofRun((run) => run.traceId)],
  ['owner', 'text', ofRun((run) => run.owner)],
  ['priority', 'int', ofRun((run) => run.priority ?? 0)],
  ['concurrency_key', 'text', ofRun((run) => storableOrNull(run.concurrencyKey))],
  ['lane', 'text', ofRun(laneOf)],
  ['parked', 'bool', ofRun((run) => run.parked ?? false)],
  ['dry_run', 'bool', ofRun((run) => run.dryRun ?? false)],
  ['event_id', 'text', ({ event }) => event.id],
  ['source', 'text', ofEvent(({ event }) => event.source)],
  ['event_trigger_id', 'text', ofEvent(({ event }) => event.triggerId)],
  ['event_entity_id', 'text', ofEvent(({ event }) => storableOrNull(event.entityId))],
  ['is_dispatch', 'bool', ofEvent(isDispatch)],
];

const keyed: readonly Column[] = [
  ['route', 'text', ofEvent(({ idempotency }) => idempotency?.route ?? null)],
  ['key', 'text', ofEvent(({ idempotency }) => storableOrNull(idempotency?.key))],
  ['body_hash', 'bytea', ofEvent(({ idempotency }) => idempotency?.bodyHash ?? null)],
  ['status', 'int', ofEvent(({ idempotency }) => idempotency?.status ?? null)],
  ['response', 'text', ofEvent(({ idempotency }) => storableOrNull(idempotency?.responseJson))],
];

const judged: readonly Column[] = [
  ['once_per_entity', 'bool', ofRun((run) => run.oncePerEntity ?? false)],
  ['slot', 'text', ofRun((run) => run.slot ?? null)],
  ['held_after', 'text', ofRun((run) => run.heldAfter ?? null)],
  ['conversation_id', 'text', ofRun((run) => run.conversation?.id ?? null)],
  ['contact_id', 'text', ofRun((run) => run.conversation?.contactId ?? null)],
  ['read_rev', 'bigint', ofRun((run) => run.conversation?.readRev ?? null)],
  ['nth', 'int', ({ nth }) => nth],
  ['first_row', 'int', ({ firstRow }) => firstRow],
  ['event_type', 'text', ofEvent(({ event }) => storableOrNull(event.type))],
  ['once_key', 'text', ofEvent(({ event }) => storableOrNull(event.onceKey))],
  ['occurred_at', 'timestamptz', ofEvent(({ event }) => event.occurredAt ?? null)],
  ['caused_by_run', 'text', ofEvent(({ event }) => event.causedByRunId ?? null)],
  ['depth', 'int', ofEvent(({ event }) => event.depth ?? 0)],
  ['replay_of', 'text', ofEvent(({ event }) => event.replayOf ?? null)],
];

const clustered: readonly Column[] = [['engine', 'text', ofRun((run) => run.engine ?? 'local')]];

/** The columns of a batch with these parts, in the order of their parameters. */
export function firingColumns(parts: FiringParts): readonly Column[] {
  return [
    ...always,
    ...(parts.keyed ? keyed : []),
    ...(parts.judged ? judged : []),
    ...(parts.clustered ? clustered : []),
  ];
}

/** What the batch needs. */
export function partsOf(firings: readonly NewFiring[]): FiringParts {
  return {
    keyed: firings.some(({ idempotency }) => idempotency !== null),
    judged: !firings.every(isPlain),
    clustered: firings.some(({ runs }) => runs.some((run) => (run.engine ?? 'local') !== 'local')),
  };
}

/** One run of an event that nobody judged, which nothing keeps from being created. */
function isPlain(firing: NewFiring): boolean {
  const { event, runs } = firing;
  const given = [event.type, event.onceKey, event.occurredAt, event.causedByRunId, event.replayOf];
  return (
    isDispatch(firing) &&
    (event.depth ?? 0) === 0 &&
    given.every((value) => (value ?? null) === null) &&
    runs.every(
      (run) =>
        !run.oncePerEntity && (run.slot ?? run.heldAfter ?? run.conversation ?? null) === null,
    )
  );
}

function isDispatch({ runs, verdicts }: NewFiring): boolean {
  return verdicts.length === 0 && runs.length === 1;
}

/** Runs of one lane are let in in their order; what holds one lane up holds up no other. */
function laneOf({ agentId, concurrencyKey = null }: NewRun): string {
  return concurrencyKey === null ? agentId : `${agentId} ${toStorableText(concurrencyKey)}`;
}

export function firingRows(firings: readonly NewFiring[]): readonly FiringRow[] {
  const rows: FiringRow[] = [];
  for (const firing of firings) {
    const { event, runs } = firing;
    const firstRow = rows.length + 1;
    if (runs.length === 0) rows.push({ firing, event, run: null, nth: 1, firstRow });
    for (const [index, run] of runs.entries()) {
      rows.push({ firing, event, run, nth: index + 1, firstRow });
    }
  }
  return rows;
}

function ofRun(pick: (run: NewRun) => unknown): (row: FiringRow) => unknown {
  return ({ run }) => (run === null ? null : pick(run));
}

function ofEvent(pick: (firing: NewFiring) => unknown): (row: FiringRow) => unknown {
  return ({ nth, firing }) => (nth === 1 ? pick(firing) : null);
}
