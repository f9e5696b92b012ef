import { z } from '@hono/zod-openapi';
import { ApiError } from '../core/errors.ts';
import { rawOr } from '../core/raw-json.ts';
import type { Run } from '../core/run.ts';
import { type FoundHook, findHook, type Received, receiveHook } from '../triggers/hooks/receive.ts';
import { type Answer, ok } from './answer.ts';
import { readBytes } from './body.ts';
import type { ApiDeps } from './deps.ts';
import { type Call, defineRoute } from './route.ts';

/** How long `respond: result` waits for the end of the run; what takes longer is answered as accepted. */
const resultWithinMs = 30_000;

/** Fires a webhook trigger. The key is the right: whoever has it is asked for nothing but the signature. */
export const receiveWebhook = defineRoute(
  {
    method: 'post',
    path: '/hooks/{key}',
    operationId: 'receiveWebhook',
    tag: 'hooks',
    summary: 'Fire a webhook trigger',
    resource: 'hook',
    right: 'public',
    workspace: 'none',
    params: z.object({ key: z.string() }),
    responses: {
      200: { description: 'A repeat, a greeting, or the result' },
      202: { description: 'Committed; the runs are under way' },
    },
  },
  async (call, deps) => {
    const { raw } = call.http.req;
    using place = deps.hookGate.enter(declaredBytes(raw));
    const found = await findHook(deps, call.params.key);
    if (found === null) throw new ApiError('not_found', 'There is no webhook at this URL.');
    using placeOfHook = deps.hookGate.enterHook(found.trigger.id);
    const body = await readBytes(raw);
    const received = await receiveHook(deps, found, {
      header: (name) => raw.headers.get(name),
      contentType: raw.headers.get('content-type'),
      body,
      nowMs: Date.now(),
    });
    return await answerOf(call, deps, { found, received, places: [place, placeOfHook] });
  },
);

async function answerOf(
  call: Pick<Call, 'signal'>,
  deps: ApiDeps,
  given: {
    readonly found: FoundHook;
    readonly received: Received;
    /** Places that are not needed while a run goes on. */
    readonly places: readonly Disposable[];
  },
): Promise<Answer> {
  const { found, received } = given;
  if (received.kind === 'greeting') return ok(received.answer);
  const { triggerEventId, runs } = received;
  const ids = {
    trigger_event_id: triggerEventId,
    repeated: received.kind === 'repeated',
    runs: runs.map(({ id, runId, agentId }) => ({ id, run_id: runId, agent_id: agentId })),
  };
  const [run] = runs;
  if (found.config.respond === 'result' && run !== undefined) {
    for (const place of given.places) place[Symbol.dispose]();
    const ended = await endOf(call, deps, { id: run.id, isNew: received.kind !== 'repeated' });
    if (ended !== null) return ok({ ...ids, result: showResult(ended) });
  }
  // Slack takes nothing but 200 for an answer.
  const isOk = received.kind === 'repeated' || found.config.verify === 'slack';
  return { status: isOk ? 200 : 202, data: ids };
}

/** The run once it has ended; null when that takes too long, the client has gone, or too many wait. */
async function endOf(
  call: Pick<Call, 'signal'>,
  deps: ApiDeps,
  run: { readonly id: string; readonly isNew: boolean },
): Promise<Run | null> {
  using waiting = deps.hookGate.wait();
  if (waiting === null) return null;
  const limit = AbortSignal.timeout(deps.hookResultWithinMs ?? resultWithinMs);
  return await deps.feeds.end({ ...run, signal: AbortSignal.any([call.signal, limit]) });
}

function showResult(run: Run) {
  return {
    status: run.status,
    disposition: run.disposition,
    disposition_reason: run.dispositionReason,
    response: run.response,
    output: rawOr(run.outputJson, null),
    error: run.error,
  };
}

/** Null: the body comes in pieces. */
export function declaredBytes(request: Request): number | null {
  const declared = request.headers.get('content-length');
  return declared !== null && /^\d{1,15}$/.test(declared) ? Number(declared) : null;
}
