import type { Agent } from '../core/agent.ts';
import { ApiError } from '../core/errors.ts';
import { isId } from '../core/ids.ts';
import type {
  OrderedSchedule,
  ScheduledRun,
  ScheduleOrder,
  ScheduleRuns,
} from '../core/scheduled-run.ts';
import { findAgentIdsByName, getAgent } from '../store/agents.ts';
import type { Database, Queryable } from '../store/connect.ts';
import { databaseNow } from '../store/cron-cursors.ts';
import {
  countScheduledByRuns,
  depthOfRun,
  findScheduledByCall,
  insertScheduledRun,
} from '../store/scheduled-runs.ts';
import { chainTooDeep, maxChainDepth } from './refusals.ts';
import { newSchedule, requireSchedulable, whyNotToCome } from './schedules.ts';

// Runs that schedule runs. They are links of a chain: one that starts within the hour counts towards its
// depth; a later one begins a new chain, or an agent that looks again every day would stop after a week.
// How many are still to come is bounded, so chains that wait cannot grow without end.

const sameChainMs = 3_600_000;
/** Scheduled by runs and still to come. */
export const maxPending = { run: 20, workspace: 500 } as const;

/** What the tool of agents schedules by. Nothing but the workspace of the run is reached. */
export function scheduleByRuns(db: Database): ScheduleRuns {
  return {
    schedule: (order) =>
      db.transaction(async (tx) => {
        const before = await findScheduledByCall(tx, order.callKey);
        return before === null ? await place(tx, order) : answerOf(before);
      }),
  };
}

async function place(tx: Queryable, order: ScheduleOrder): Promise<OrderedSchedule> {
  const { workspaceId, runId, callKey, when } = order;
  const agent = await findAgent(tx, order);
  if (typeof agent === 'string') return { ok: false, problem: agent };
  const now = await databaseNow(tx);
  const scheduledFor =
    'at' in when ? when.at : new Date(now.getTime() + Math.round(when.inMinutes * 60_000));
  const problem = whyNotToCome(scheduledFor, now);
  if (problem !== null) return { ok: false, problem: `The time ${problem}.` };
  const isLink = scheduledFor.getTime() - now.getTime() < sameChainMs;
  const depth = isLink ? (await depthOfRun(tx, runId)) + 1 : 0;
  if (depth > maxChainDepth) return { ok: false, problem: chainTooDeep.detail };
  const pending = await countScheduledByRuns(tx, { workspaceId, runId });
  if (pending.run >= maxPending.run) return { ok: false, problem: tooMany('This run', 'run') };
  if (pending.workspace >= maxPending.workspace) {
    return { ok: false, problem: tooMany('The runs of this workspace', 'workspace') };
  }
  const { payloadJson, entityId, instructions: additionalInstructions } = order;
  const placed = await insertScheduledRun(tx, {
    ...newSchedule(agent, { scheduledFor, payloadJson, entityId, additionalInstructions }),
    createdByRunId: runId,
    callKey,
    depth,
  });
  return answerOf(placed);
}

function answerOf({ id, agent, scheduledFor }: ScheduledRun): OrderedSchedule {
  return { ok: true, id, agentName: agent.name, scheduledFor };
}

/** The agent, or what is wrong with how it was named. */
async function findAgent(
  tx: Queryable,
  { workspaceId, agent: named }: ScheduleOrder,
): Promise<Agent | string> {
  const found = isId(named) ? [named] : await findAgentIdsByName(tx, workspaceId, named);
  const agent =
    (await getAgent(tx, [workspaceId], found[0] ?? named)) ??
    `There is no agent "${named}" in this workspace. Give its id, its number or its exact name.`;
  if (typeof agent === 'string') return agent;
  if (found.length > 1) return `${found.length} agents are named "${named}". Give the id of one.`;
  try {
    requireSchedulable(agent);
    return agent;
  } catch (error) {
    if (error instanceof ApiError) return error.message;
    throw error;
  }
}

function tooMany(who: string, of: keyof typeof maxPending): string {
  return `${who} may have ${maxPending[of]} scheduled runs to come, and has. Schedule fewer.`;
}
