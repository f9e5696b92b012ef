import { ApiError } from '../core/errors.ts';
import { newId, newRunExecutionId } from '../core/ids.ts';
import type { JournalEntry } from '../core/journal.ts';
import { requirePayload } from '../core/retention.ts';
import type { Run } from '../core/run.ts';
import { traceFrom } from '../core/trace-context.ts';
import { refusal } from '../core/validate.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import { getAgentVersion } from '../store/agent-versions.ts';
import { insertFork, type NewFork } from '../store/forks.ts';
import { readJournal } from '../store/journal.ts';
import { getRun } from '../store/runs.ts';
import type { NewSpill } from '../store/spills.ts';
import { withinBudgets } from './budget-gate.ts';
import { unparkCommitted } from './commit-firing.ts';
import {
  answerOfKey,
  type DispatchDeps,
  type DispatchedIds,
  type DispatchKey,
  type DispatchResult,
  keptKey,
} from './dispatch.ts';
import { artifactsIn } from './keep-files.ts';
import { type PlannedEntry, planFork } from './plan-fork.ts';
import { requireUsable, sessionIdOf } from './plan-run.ts';
import { activeAgent, requireNoTest } from './retry.ts';
import { spillIfLarge } from './spill.ts';

export interface ForkRequest {
  readonly scope: WorkspaceScope;
  readonly id: string;
  /** A step's number, or its id. */
  readonly fromStep: string;
  readonly instructions: string | null;
  readonly model: string | null;
  /** JSON text; null keeps the run's own. */
  readonly payloadJson: string | null;
  /** By number or id of the step, or id of the call: JSON text of what the tool is to have returned. */
  readonly toolResults: ReadonlyMap<string, string>;
  readonly traceparent: string | null;
  readonly idempotency: DispatchKey | null;
}

/**
 * Starts a run that begins with the steps of another before the given one, and goes on from there on the
 * same version of the agent. Nothing is called for what is copied. Throws `not_found`, `validation_error`,
 * `unprocessable` for a model that cannot be used, or `conflict` when the agent cannot run.
 */
export async function forkRun(deps: DispatchDeps, request: ForkRequest): Promise<DispatchResult> {
  const { scope, idempotency } = request;
  const origin = await getRun(deps.db, scope, request.id);
  if (origin === null) throw new ApiError('not_found', `There is no run ${request.id}.`);
  requireNoTest(origin);
  const agent = await activeAgent(deps, scope, origin.agentId);
  const model = request.model ?? origin.model;
  requireUsable(deps.models, model);
  const why = await deps.models.registry?.whyUnusable(origin.workspaceId, model);
  if (why) {
    throw new ApiError('unprocessable', `Model "${model}" cannot be used: ${why}`, {
      details: { model: why },
    });
  }
  await requirePrice(deps, origin, model);
  const entries = await readJournal(deps.db, origin.id);
  const plan = planFork(entries, {
    fromStep: stepNumber(origin, request.fromStep, 'from_step'),
    results: resultsByStep(origin, entries, request.toolResults),
  });
  if (!('fromStep' in plan)) throw refusal(new Map([plan]));

  const ids: DispatchedIds = {
    id: newId('run'),
    runId: newRunExecutionId(),
    triggerEventId: newId('triggerEvent'),
  };
  const payloadJson = request.payloadJson ?? origin.payloadJson;
  requirePayload(payloadJson, `run ${origin.id}`);
  const run: NewFork['run'] = {
    id: ids.id,
    runId: ids.runId,
    agentId: origin.agentId,
    agentVersion: origin.agentVersion,
    triggerId: origin.triggerId,
    triggerType: origin.triggerType,
    sessionId: request.payloadJson === null ? origin.sessionId : sessionIdOf(payloadJson),
    entityId: origin.entityId,
    additionalInstructions: origin.additionalInstructions,
    retryOf: null,
    model,
    traceId: traceFrom(request.traceparent),
    owner: null,
    engine: deps.engine.name ?? 'local',
    parked: agent.pausedAt !== null,
    dryRun: origin.dryRun,
    // What a fork says is looked at, not delivered.
    conversation:
      origin.conversationId === null && origin.contactId === null
        ? null
        : { id: origin.conversationId, contactId: origin.contactId, readRev: null },
  };
  const event = {
    id: ids.triggerEventId,
    workspaceId: origin.workspaceId,
    source: 'fork',
    triggerId: origin.triggerId,
    entityId: origin.entityId,
    payloadJson,
  };
  const key = keptKey(idempotency, ids);
  const { workspaceId, agentId } = origin;
  const outcome = await withinBudgets(deps.budgets, { workspaceId, agentId }, async () => {
    const result = await insertFork(deps.db, {
      event,
      run,
      idempotency: key,
      from: origin.id,
      fromStep: plan.fromStep,
      instructions: request.instructions ?? origin.instructions,
      unitId: newId('unit'),
      ...(await numbered(ids.id, plan.entries)),
    });
    return { result, isCreated: result.kind === 'created' };
  });
  if (outcome.kind === 'repeated') return await answerOfKey(deps, event.workspaceId, key);
  if (run.parked === true) await unparkCommitted(deps.db, agent.id);
  return { kind: 'dispatched', ...ids };
}

/** The entries numbered from 1, with large results that were given written apart (I8). */
async function numbered(
  runId: string,
  planned: readonly PlannedEntry[],
): Promise<Pick<NewFork, 'entries' | 'copiedSpills' | 'newSpills'>> {
  const seqs = new Map<number, number>();
  planned.forEach((entry, index) => {
    if (!seqs.has(entry.step)) seqs.set(entry.step, index + 1);
  });
  const newSpills: NewSpill[] = [];
  const copiedSpills: string[] = [];
  const sink = {
    write: async (spill: Omit<NewSpill, 'runId'>) => void newSpills.push({ ...spill, runId }),
  };
  const entries = [];
  for (const [index, entry] of planned.entries()) {
    const place = { seq: index + 1, step: seqs.get(entry.step) ?? index + 1 };
    if ('spilled' in entry.data && entry.data.spilled !== undefined) {
      copiedSpills.push(entry.data.spilled.spillId);
    }
    copiedSpills.push(...artifactsIn(entry).map(({ id }) => id));
    if (entry.type !== 'tool' || !('edited' in entry.data)) {
      entries.push({ ...entry, ...place });
      continue;
    }
    const { data } = entry;
    const spilled = await spillIfLarge(sink, { step: place.step, text: data.modelText });
    const kept = spilled === null ? {} : { ...spilled, outputJson: null };
    entries.push({ ...entry, ...place, data: { ...data, ...kept } } as PlannedEntry);
  }
  return { entries, copiedSpills, newSpills };
}

function stepNumber(run: Run, given: string, field: string): number {
  const [, number] = /^(?:(?:ar[0-9a-z]{30}|run_[0-9a-z]{32}):)?([1-9]\d{0,8})$/.exec(given) ?? [];
  const isOther = given.includes(':') && !given.startsWith(`${run.id}:`);
  if (number !== undefined && !isOther) return Number(number);
  throw refusal(new Map([[field, `must be a step of this run: its number, such as 3, or its id`]]));
}

function resultsByStep(
  run: Run,
  entries: readonly JournalEntry[],
  given: ReadonlyMap<string, string>,
): Map<number, string> {
  const results = new Map<number, string>();
  for (const [key, json] of given) {
    const call = entries.find(
      (entry) => entry.type === 'tool' && 'callId' in entry.data && entry.data.callId === key,
    );
    results.set(call?.step ?? stepNumber(run, key, `tool_results.${key}`), json);
  }
  return results;
}

/** A cap on money means nothing for a model whose price is not known. */
async function requirePrice(deps: DispatchDeps, run: Run, model: string): Promise<void> {
  const of = { agentId: run.agentId, version: run.agentVersion };
  const version = await getAgentVersion(deps.db, [run.workspaceId], of);
  const cap = version?.definition.limits?.max_cost_usd ?? null;
  const usage = {
    inputTokens: 0,
    outputTokens: 0,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
  };
  if (cap === null) return;
  const { registry } = deps.models;
  const cost =
    registry === undefined
      ? deps.models.cost(model, usage)
      : await registry.costOf(run.workspaceId, model, usage);
  if (cost !== null) return;
  throw new ApiError(
    'unprocessable',
    `The agent has a limit of ${cap} USD a run, and the price of "${model}" is not known. Choose another model.`,
    { details: { model: 'has no known price, which the max_cost_usd of the agent needs' } },
  );
}
