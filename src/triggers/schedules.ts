import type { Agent } from '../core/agent.ts';
import { ApiError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import type { ScheduledRun } from '../core/scheduled-run.ts';
import { refuse } from '../core/validate.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Database, Queryable } from '../store/connect.ts';
import { databaseNow } from '../store/cron-cursors.ts';
import {
  cancelScheduledRun,
  editScheduledRun,
  getScheduledRun,
  insertScheduledRun,
  type NewScheduledRun,
} from '../store/scheduled-runs.ts';
import type { InTransaction } from '../store/workspaces.ts';

// The rules of single runs for later.

export const maxEntityIdLength = 255;
export const maxInstructionsLength = 100_000;
/** How far ahead a run can be scheduled. */
const furthestMs = 10 * 366 * 24 * 3_600_000;

export interface ScheduleInput {
  readonly scheduledFor: Date;
  /** JSON text; null: `{"entity_id": …}` for an entity, else `{}`. */
  readonly payloadJson: string | null;
  readonly entityId: string | null;
  readonly additionalInstructions: string | null;
}

/**
 * Schedules a run of the agent. Throws `validation_error` for a time that is not to come, and
 * `invalid_for_conversational` for an agent that only messages can start.
 */
export async function createSchedule(
  db: Database,
  given: { readonly agent: Agent; readonly input: ScheduleInput; readonly tokenId: string },
  inTransaction?: InTransaction<ScheduledRun>,
): Promise<ScheduledRun> {
  const { agent, input, tokenId } = given;
  requireSchedulable(agent);
  return await db.transaction(async (tx) => {
    await requireToCome(tx, input.scheduledFor);
    const scheduled = await insertScheduledRun(tx, {
      ...newSchedule(agent, input),
      createdBy: tokenId,
    });
    await inTransaction?.(tx, scheduled);
    return scheduled;
  });
}

/** A row for the agent, made by nobody yet. */
export function newSchedule(agent: Agent, input: ScheduleInput): NewScheduledRun {
  const { entityId } = input;
  return {
    id: newId('schedule'),
    workspaceId: agent.workspaceId,
    agentId: agent.id,
    scheduledFor: input.scheduledFor,
    payloadJson: input.payloadJson ?? payloadOf(entityId),
    entityId,
    additionalInstructions: input.additionalInstructions,
    createdBy: null,
    createdByRunId: null,
    callKey: null,
    depth: 0,
  };
}

/** Throws `not_found`. */
export async function requireSchedule(
  db: Queryable,
  scope: WorkspaceScope,
  idOrNumber: string,
): Promise<ScheduledRun> {
  const scheduled = await getScheduledRun(db, scope, idOrNumber);
  if (scheduled !== null) return scheduled;
  throw new ApiError('not_found', `There is no scheduled run ${idOrNumber}.`);
}

export interface SchedulePatch {
  readonly scheduledFor?: Date | undefined;
  readonly payloadJson?: string | null;
  readonly entityId?: string | null | undefined;
  readonly additionalInstructions?: string | null | undefined;
}

/** Changes what is given while it has not fired. Throws `not_found`, `validation_error`, `conflict`. */
export async function editSchedule(
  db: Database,
  scope: WorkspaceScope,
  change: { readonly id: string; readonly patch: SchedulePatch },
): Promise<ScheduledRun> {
  const { patch } = change;
  return await db.transaction(async (tx) => {
    const before = await requireSchedule(tx, scope, change.id);
    const entityId = patch.entityId === undefined ? before.entityId : patch.entityId;
    // A payload that nobody wrote names the entity, and goes on naming it.
    const isMade = before.payloadJson === payloadOf(before.entityId);
    const kept = isMade ? payloadOf(entityId) : before.payloadJson;
    const edit = {
      scheduledFor: patch.scheduledFor ?? before.scheduledFor,
      payloadJson: patch.payloadJson ?? kept,
      entityId,
      additionalInstructions:
        patch.additionalInstructions === undefined
          ? before.additionalInstructions
          : patch.additionalInstructions,
    };
    if (patch.scheduledFor !== undefined) await requireToCome(tx, patch.scheduledFor);
    const edited = await editScheduledRun(tx, before.id, edit);
    const after = await requireSchedule(tx, scope, before.id);
    if (!edited) throw tooLate(after, 'edited');
    return after;
  });
}

/** Throws `not_found`, `conflict`. */
export async function cancelSchedule(
  db: Database,
  scope: WorkspaceScope,
  id: string,
): Promise<ScheduledRun> {
  const before = await requireSchedule(db, scope, id);
  const cancelled = await cancelScheduledRun(db, before.id);
  const after = await requireSchedule(db, scope, before.id);
  if (!cancelled) throw tooLate(after, 'cancelled');
  return after;
}

/** Throws `invalid_for_conversational` for an agent that only messages can start. */
export function requireSchedulable(agent: Agent): void {
  const { triggers } = agent;
  if (triggers.length === 0 || triggers.some((trigger) => trigger.type !== 'message')) return;
  throw new ApiError(
    'invalid_for_conversational',
    'This agent is conversational: only messages start it. Schedule an agent with other triggers, or none.',
  );
}

/** Throws `validation_error` unless the time is to come, by the database's clock. */
async function requireToCome(db: Queryable, time: Date): Promise<void> {
  const problem = whyNotToCome(time, await databaseNow(db));
  if (problem !== null) refuse(new Map([['scheduled_for', problem]]));
}

/** Why nothing can be scheduled for the time, to be read after its name; null when it can. */
export function whyNotToCome(time: Date, now: Date): string | null {
  if (time <= now) return `must be in the future; it is ${now.toISOString()} now`;
  if (time.getTime() - now.getTime() > furthestMs) return 'must be within ten years';
  return null;
}

function payloadOf(entityId: string | null): string {
  return entityId === null ? '{}' : JSON.stringify({ entity_id: entityId });
}

function tooLate(scheduled: ScheduledRun, what: 'edited' | 'cancelled'): ApiError {
  const { status, isClaimed } = scheduled;
  const is = status === 'scheduled' && isClaimed ? 'starting now' : whatItIs[status];
  return new ApiError('conflict', `The scheduled run is ${is}, and cannot be ${what} any more.`);
}

const whatItIs = {
  scheduled: 'scheduled',
  fired: 'started',
  cancelled: 'cancelled',
  failed: 'failed',
} as const;
