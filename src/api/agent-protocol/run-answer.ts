import { followAnswer } from '../../chat/follow-answer.ts';
import { stringifyJson } from '../../core/raw-json.ts';
import type { Run } from '../../core/run.ts';
import type { ApiDeps } from '../deps.ts';
import type { ServerSentEvent } from '../event-stream.ts';
import type { BegunRun } from './run-request.ts';
import { showMessage, valuesOf } from './thread-view.ts';

// What comes of a run: all at once, or as it comes.

/** How long the end of a run is waited for. */
const endWithinMs = 10 * 60_000;

/** The thread's values when it has ended; `__error__` in their place when it failed, or goes on. */
export async function answerOf(deps: ApiDeps, begun: BegunRun, signal: AbortSignal) {
  const limit = AbortSignal.timeout(deps.completionWithinMs ?? endWithinMs);
  return await endOf(deps, begun, AbortSignal.any([signal, limit]));
}

async function endOf(
  deps: ApiDeps,
  begun: BegunRun,
  signal: AbortSignal,
): Promise<Awaited<ReturnType<typeof valuesOf>> | { readonly __error__: object }> {
  for await (const said of followAnswer(deps, { ...begun, signal })) {
    if (said.kind === 'end' && said.outcome === 'failed') return { __error__: problemOf(said.run) };
    if (said.kind === 'end' || said.kind === 'unanswered') {
      return await valuesOf(deps.db, begun.sessionId);
    }
    // The text is void, not the answer.
    if (said.kind === 'broken') return await endOf(deps, begun, signal);
  }
  const message = `There is no answer yet; join run ${begun.run.id}.`;
  return { __error__: { error: 'StillRunning', message } };
}

/** The events of the modes that were asked for. */
export async function* eventsOf(
  deps: ApiDeps,
  begun: BegunRun,
  { modes, signal }: { readonly modes: readonly string[]; readonly signal: AbortSignal },
): AsyncGenerator<ServerSentEvent> {
  const { run, sessionId } = begun;
  const event = (name: string, data: unknown) => ({ event: name, data: stringifyJson(data) });
  const id = `${run.id}-answer`;
  yield event('metadata', { run_id: run.id, attempt: 1 });
  if (modes.includes('values')) yield event('values', await valuesOf(deps.db, sessionId));
  for await (const said of followAnswer(deps, { ...begun, signal })) {
    if (said.kind === 'delta' && modes.some(isOfMessages)) {
      const chunk = { type: 'AIMessageChunk', id, content: said.text };
      yield event('messages', [chunk, { langgraph_node: 'agent' }]);
    }
    if (said.kind === 'broken') {
      const message =
        'The answer was begun anew after a part of it had been sent. Read the thread.';
      return yield event('error', { error: 'AnswerBegunAnew', message });
    }
    if (said.kind !== 'end') continue;
    if (said.outcome === 'failed') return yield event('error', problemOf(said.run));
    if (modes.includes('updates')) {
      const messages = said.message === null ? [] : [showMessage(said.message)];
      yield event('updates', { agent: { messages } });
    }
    if (modes.includes('values')) yield event('values', await valuesOf(deps.db, sessionId));
  }
}

export function modesOf(given: string | readonly string[] | null | undefined): readonly string[] {
  if (given === null || given === undefined) return ['values'];
  return typeof given === 'string' ? [given] : given;
}

function isOfMessages(mode: string): boolean {
  return mode === 'messages' || mode === 'messages-tuple';
}

function problemOf(run: Run) {
  const message = `The agent could not answer (${run.stopReason ?? run.status}). See run ${run.id}.`;
  return { error: 'RunFailed', message };
}
