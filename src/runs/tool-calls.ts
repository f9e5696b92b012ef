import { type JournalEntry, stepId, type ToolEnded } from '../core/journal.ts';
import { mayHoldFiles, takeFiles } from '../core/model-files.ts';
import { SandboxBusy, SandboxUnavailable } from '../core/sandbox.ts';
import { spanIdOf, traceparentOf } from '../core/trace-context.ts';
import { headAndTail } from '../tools/model-text.ts';
import type { ToolCallResult } from '../tools/tool.ts';
import type { Addition, DrivenRun } from './driven-run.ts';
import { type KeptFiles, keepFiles } from './keep-files.ts';
import { newChild } from './new-child.ts';
import { type Spilled, spillIfLarge } from './spill.ts';

// I5: a call's intent is in the journal before it starts. One that an earlier owner left open was in
// flight: it is repeated only if the tool says `idempotent`, else the model is told that nobody knows.

export type OpenCall = Extract<JournalEntry, { type: 'tool'; state: 'started' }>;

/** Calls whose intent is committed and whose end is not. */
export function openCalls(entries: readonly JournalEntry[]): OpenCall[] {
  const ended = new Set(
    entries
      .filter((entry) => entry.type === 'tool' && entry.state !== 'started')
      .map((e) => e.step),
  );
  const open = new Map<number, OpenCall>();
  for (const entry of entries) {
    if (entry.type !== 'tool' || entry.state !== 'started' || ended.has(entry.step)) continue;
    open.set(entry.step, entry);
  }
  return [...open.values()];
}

/** The intent of a copied call, as this run's own; of another agent, to be done by a new run. */
export function ownIntent(call: OpenCall): Addition {
  const { copied: _, child, ...data } = call.data;
  const own = child === undefined ? data : { ...data, child: newChild(child.model) };
  return { type: 'tool', state: 'started', step: call.step, data: own };
}

/** Runs the calls beside one another and commits each result as it comes. */
export async function endCalls(request: {
  readonly driven: DrivenRun;
  readonly calls: readonly OpenCall[];
  readonly signal: AbortSignal;
  /** Once it has fired, nothing more is committed: somebody else will end the calls. */
  readonly givenUp: AbortSignal;
  readonly mayStart?: (() => boolean) | undefined;
}): Promise<void> {
  const results = await Promise.allSettled(
    request.calls.map(async (call) => {
      const addition = await endCall(request, call);
      if (!request.givenUp.aborted) await request.driven.commit([addition]);
    }),
  );
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

async function endCall(
  request: {
    readonly driven: DrivenRun;
    readonly signal: AbortSignal;
    readonly givenUp: AbortSignal;
    readonly mayStart?: (() => boolean) | undefined;
  },
  call: OpenCall,
): Promise<Addition> {
  const { driven, signal, mayStart } = request;
  const wasInFlight = call.seq <= driven.inheritedSeq;
  if (wasInFlight && !call.data.idempotent) {
    return ended(call, 'interrupted', {
      error:
        'The call was interrupted by a crash of the server. Whether it took effect is not known.',
      attempts: 1,
    });
  }
  const attempts = wasInFlight ? driven.run.lostAttempts + 1 : 1;
  const tool = driven.tools.get(call.data.name);
  if (tool === undefined) {
    return ended(call, 'failed', {
      error: `The tool "${call.data.name}" does not exist any more.`,
      attempts: attempts - 1,
    });
  }
  const startedAt = performance.now();
  const key = stepId(driven.run.id, call.step);
  const traceparent = traceparentOf(driven.run.traceId, spanIdOf(key));
  if (mayStart?.() === false) throw new NotStarted();
  const guard = mayStart === undefined ? {} : { mayStart };
  const given = await callTool(() =>
    tool.call({ inputJson: call.data.inputJson, key, signal, traceparent, ...guard }),
  );
  const durationMs = Math.round(performance.now() - startedAt);
  const { result, fileCount } = withoutFiles(given);
  const spilled = result.ok
    ? await spillIfLarge(driven.spills, {
        step: call.step,
        text: result.outputJson,
        signal: request.givenUp,
      })
    : null;
  const files = result.ok ? (result.files ?? []) : [];
  const kept = await keepFiles(driven, { step: call.step, files, signal: request.givenUp });
  return ended(call, result.ok ? 'done' : 'failed', {
    ...{ result, spilled, kept, fileCount, attempts, durationMs },
  });
}

/** Thrown where this process may not start anything: `advance` then ends as aborted. */
class NotStarted extends Error {
  override readonly name = 'NotStarted';
}

/** A sandbox that cannot take the call is the tool's failure for the model, never the run's. */
async function callTool(call: () => Promise<ToolCallResult>): Promise<ToolCallResult> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof SandboxUnavailable || error instanceof SandboxBusy)) throw error;
    const reason = `The tool could not be run: ${error.message}`;
    return { ok: false, error: reason, modelText: reason, logs: null, runTimeMs: 0 };
  }
}

/** The model reads a result without the base64 of its files, and is shown them; the output keeps them. */
function withoutFiles(result: ToolCallResult): {
  readonly result: ToolCallResult;
  readonly fileCount: number;
} {
  if (!result.ok || !mayHoldFiles(result.outputJson)) return { result, fileCount: 0 };
  const { files, value } = takeFiles(JSON.parse(result.outputJson));
  if (files.length === 0) return { result, fileCount: 0 };
  if (result.isModelTextWhole === true) return { result, fileCount: files.length };
  const modelText = headAndTail(JSON.stringify(value));
  return { result: { ...result, modelText, isModelTextWhole: true }, fileCount: files.length };
}

function readByModel(result: ToolCallResult | undefined, spilled: Spilled | null): string | null {
  if (spilled === null || result === undefined) return result?.modelText ?? null;
  if (!result.ok || result.isModelTextWhole !== true) return spilled.modelText;
  return `${result.modelText}\n[All of the output: read-output, handle "${spilled.spilled.spillId}"]`;
}

function ended(
  call: OpenCall,
  state: 'done' | 'failed' | 'interrupted',
  how: {
    readonly result?: ToolCallResult;
    readonly spilled?: Spilled | null;
    readonly kept?: KeptFiles | null;
    readonly fileCount?: number;
    readonly error?: string;
    readonly attempts: number;
    readonly durationMs?: number;
  },
): Addition {
  const { result, spilled = null, kept = null } = how;
  const error = how.error ?? (result === undefined || result.ok ? null : result.error);
  const data: ToolEnded = {
    callId: call.data.callId,
    name: call.data.name,
    inputJson: call.data.inputJson,
    toolVersion: call.data.toolVersion,
    ...(state === 'done' || call.data.toolId === null ? {} : { toolId: call.data.toolId }),
    outputJson: result?.ok && spilled === null ? result.outputJson : null,
    ...(spilled === null ? {} : { spilled: spilled.spilled }),
    ...(kept === null || kept.artifacts.length === 0 ? {} : { artifacts: kept.artifacts }),
    ...(how.fileCount ? { fileCount: how.fileCount } : {}),
    error,
    modelText: (readByModel(result, spilled) ?? error ?? '') + (kept?.note ?? ''),
    logs: result?.logs ?? null,
    ...(result?.connections && { connections: result.connections }),
    ...(result?.ok && result.skill && { skill: result.skill }),
    durationMs: how.durationMs ?? 0,
    attempts: how.attempts,
  };
  return { type: 'tool', state, step: call.step, data };
}
