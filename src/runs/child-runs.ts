import { type ChildRunRef, stepId, type ToolEnded } from '../core/journal.ts';
import { RawJson, stringifyJson } from '../core/raw-json.ts';
import { isTerminal, type Run, type RunBudget, type RunOutcome, totalsOf } from '../core/run.ts';
import { spanIdOf } from '../core/trace-context.ts';
import type { NewChildRun } from '../store/child-runs.ts';
import { headAndTail } from '../tools/model-text.ts';
import { type Addition, type DrivenRun, RunLost } from './driven-run.ts';
import type { Caps, Used } from './limits.ts';
import { spillIfLarge } from './spill.ts';
import type { OpenCall } from './tool-calls.ts';

// Calls of other agents. The intent in the journal names the run that is to do it (I5), so creating that run
// is safe to repeat however often the parent changes hands. The parent then gives itself up: it is a row, and
// holds no place that a limit counts. The end of each child makes it due (migration 0070).

export type ChildCall = OpenCall & { readonly data: { readonly child: ChildRunRef } };

export function isChildCall(call: OpenCall): call is ChildCall {
  return call.data.child !== undefined;
}

/** Creates the runs that the calls ask for, unless they exist. Each gets an equal part of what is left. */
export async function startChildren(
  driven: DrivenRun,
  calls: readonly ChildCall[],
  left: { readonly caps: Caps; readonly used: Used },
): Promise<void> {
  const budget = shareOf(left, calls.length, driven.run.createdAt);
  const children = calls.map(
    ({ data, step }): NewChildRun => ({
      ...data.child,
      parentSpanId: spanIdOf(stepId(driven.run.id, step)),
      agentId: data.toolId ?? '',
      agentVersion: data.toolVersion ?? 0,
      payloadJson: data.inputJson,
      budget,
    }),
  );
  if (!(await driven.children.create(driven.held, children))) throw new RunLost();
}

function shareOf(
  { caps, used }: { readonly caps: Caps; readonly used: Used },
  parts: number,
  createdAt: Date,
): RunBudget {
  const { maxTokens, maxCostUsd, timeoutMs } = caps;
  const leftUsd =
    maxCostUsd === null ? null : Math.max(0, maxCostUsd - (used.costUsd ?? maxCostUsd));
  return {
    maxTokens: Math.floor(Math.max(0, maxTokens - used.tokens) / parts),
    maxCostUsd: leftUsd === null ? null : leftUsd / parts,
    until: new Date(createdAt.getTime() + timeoutMs).toISOString(),
  };
}

/** Commits what children that have ended answered; waits for the others, or ends them and the run with them. */
export async function awaitChildren(
  driven: DrivenRun,
  calls: readonly ChildCall[],
  given: {
    readonly leftMs: number;
    /** Why the run ends now, with what else is committed then. */
    readonly over: { readonly additions: readonly Addition[]; readonly outcome: RunOutcome } | null;
    readonly signal: AbortSignal;
  },
): Promise<'again' | 'waiting' | 'done'> {
  const { over } = given;
  if (over !== null) await driven.children.cancel(driven.run.id);
  const ids = calls.map((call) => call.data.child.id);
  const { children, used } = await driven.children.read(driven.run.id, ids);
  driven.noteChildrenUsed(used);
  const endings: Addition[] = [];
  for (const [index, call] of calls.entries()) {
    const child = children[index] ?? null;
    if (child === null || isTerminal(child.status)) {
      endings.push(await endOfCall(driven, call, { child, signal: given.signal }));
    }
  }
  if (over !== null) {
    await driven.commit([...over.additions, ...endings], over.outcome);
    return 'done';
  }
  if (endings.length > 0) await driven.commit(endings);
  if (endings.length === calls.length) return 'again';
  if (!(await driven.children.park(driven.held, given.leftMs))) throw new RunLost();
  return 'waiting';
}

async function endOfCall(
  driven: DrivenRun,
  call: ChildCall,
  of: { readonly child: Run | null; readonly signal: AbortSignal },
): Promise<Addition> {
  const { child } = of;
  const { callId, name, inputJson, toolVersion } = call.data;
  const outputJson = child?.status === 'completed' ? answerOf(child) : null;
  const error = outputJson === null ? whyFailed(call, child) : null;
  const spilled =
    outputJson === null
      ? null
      : await spillIfLarge(driven.spills, {
          step: call.step,
          text: outputJson,
          signal: of.signal,
        });
  const data: ToolEnded = {
    callId,
    name,
    inputJson,
    toolVersion,
    outputJson: spilled === null ? outputJson : null,
    ...(spilled === null ? {} : { spilled: spilled.spilled }),
    error,
    modelText: spilled?.modelText ?? headAndTail(outputJson ?? error ?? ''),
    logs: null,
    durationMs:
      child?.completedAt == null ? 0 : child.completedAt.getTime() - child.createdAt.getTime(),
    attempts: 1,
    ...(child === null ? {} : { child: { id: child.id, runId: child.runId, ...totalsOf(child) } }),
  };
  return { type: 'tool', state: error === null ? 'done' : 'failed', step: call.step, data };
}

/** As every tool answers. The structured output stays the text that the child gave (I9). */
function answerOf(child: Run): string {
  return stringifyJson({
    message: child.response ?? child.dispositionReason ?? '',
    rawData: {
      run_id: child.runId,
      disposition: child.disposition,
      disposition_reason: child.dispositionReason,
      output: child.outputJson === null ? null : new RawJson(child.outputJson),
    },
  });
}

function whyFailed(call: ChildCall, child: Run | null): string {
  if (child === null)
    return `The run of ${call.data.name} could not be started: the agent is gone.`;
  const how = child.status === 'cancelled' ? 'was cancelled' : `failed (${child.stopReason})`;
  return `The run ${child.runId} of ${call.data.name} ${how}: ${child.error ?? 'without a reason'}`;
}
