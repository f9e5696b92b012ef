import { followAnswer, type Said } from '../../chat/follow-answer.ts';
import { talk } from '../../chat/talk.ts';
import type { Agent } from '../../core/agent.ts';
import { ApiError } from '../../core/errors.ts';
import { isTerminal, type Run } from '../../core/run.ts';
import { validate } from '../../core/validate.ts';
import { cancelRun } from '../../runs/cancel.ts';
import { fromTheStart } from '../../runs/watch.ts';
import type { ApiDeps } from '../deps.ts';
import { findRunOfAgent } from '../find.ts';
import type { Call } from '../route.ts';
import { sendParams, taskParams, textOf } from './requests.ts';
import { artifactsOf, contextOf, replyArtifact, showTask, statusOf } from './task-view.ts';

// The methods, over chat and runs. What is streamed ends with the state that the task is in then.

export interface Asked {
  readonly agent: Agent;
  readonly params: Readonly<Record<string, unknown>>;
  readonly call: Pick<Call, 'caller' | 'scope' | 'signal'>;
}

type Event = Readonly<Record<string, unknown>>;

/** The task that the message began, or its end. */
export async function sendMessage(deps: ApiDeps, asked: Asked): Promise<Event> {
  const { run, isWaitedFor } = await begin(deps, asked);
  if (run === null) return { message: takenOver(asked) };
  if (!isWaitedFor) return { task: showTask(run) };
  let last: Event = { task: showTask(run) };
  for await (const end of endsOf(deps, run, asked.call.signal)) last = { task: end };
  return last;
}

/** The same as it goes on. */
export async function* streamMessage(deps: ApiDeps, asked: Asked): AsyncGenerator<Event> {
  const { run } = await begin(deps, asked);
  if (run === null) return yield { message: takenOver(asked) };
  yield* followTask(deps, run, asked.call.signal);
}

export async function subscribeToTask(deps: ApiDeps, asked: Asked): Promise<AsyncGenerator<Event>> {
  const run = await findTask(deps, asked);
  if (isTerminal(run.status)) throw new ApiError('conflict', `The task ${run.id} has ended.`);
  return followTask(deps, run, asked.call.signal);
}

export async function getTask(deps: ApiDeps, asked: Asked): Promise<Event> {
  return showTask(await findTask(deps, asked));
}

export async function cancelTask(deps: ApiDeps, asked: Asked): Promise<Event> {
  const { id } = await findTask(deps, asked);
  const { caller, scope } = asked.call;
  return showTask(await cancelRun(deps, { scope, id, by: `${caller.kind} ${caller.id}` }));
}

async function findTask(deps: ApiDeps, { agent, params, call }: Asked): Promise<Run> {
  const { id } = validate(taskParams, params);
  return await findRunOfAgent(deps, call.scope, { id: agent.id, run_id: id });
}

async function begin(
  deps: ApiDeps,
  { agent, params, call }: Asked,
): Promise<{ readonly run: Run | null; readonly isWaitedFor: boolean }> {
  const { message, configuration } = validate(sendParams, params);
  const { messageId, taskId, contextId } = message;
  let thread = contextId ?? null;
  if (taskId !== undefined) {
    const run = await findTask(deps, { agent, params: { id: taskId }, call });
    if (isTerminal(run.status)) {
      throw new ApiError('conflict', `The task ${taskId} has ended. Send the message without it.`);
    }
    thread = contextOf(run);
  }
  const { turn } = await talk(deps, {
    ...{ agent, body: textOf(message), clientMessageId: messageId, instructions: null },
    thread: thread === null ? null : { id: thread },
    callerId: call.caller.id,
  });
  const path = { id: agent.id, run_id: turn.run?.id ?? '' };
  const run = turn.run === null ? null : await findRunOfAgent(deps, call.scope, path);
  return { run, isWaitedFor: configuration?.returnImmediately !== true };
}

/** Agents stand back in this conversation: a person answers there. */
function takenOver({ params }: Asked) {
  const { message } = validate(sendParams, params);
  const contextId = message.contextId ?? '';
  const parts = [{ text: 'A person has taken over and will answer.' }];
  return { messageId: `${message.messageId}-taken-over`, role: 'ROLE_AGENT', contextId, parts };
}

async function* followTask(deps: ApiDeps, run: Run, signal: AbortSignal): AsyncGenerator<Event> {
  const about = { taskId: run.id, contextId: contextOf(run) };
  yield { task: showTask(run) };
  let hasBegun = false;
  let isWhole = true;
  for await (const said of answerTo(deps, run, signal)) {
    if (said.kind === 'broken') isWhole = false;
    if (said.kind !== 'delta') continue;
    const artifact = replyArtifact(said.text);
    yield { artifactUpdate: { ...about, artifact, append: hasBegun, lastChunk: false } };
    hasBegun = true;
  }
  for await (const end of endsOf(deps, run, signal)) {
    for (const artifact of end.artifacts) {
      // What was streamed whole is not sent again.
      if (artifact.artifactId === 'reply' && hasBegun && isWhole) continue;
      yield { artifactUpdate: { ...about, artifact, append: false, lastChunk: true } };
    }
    yield { statusUpdate: { ...about, status: end.status, metadata: end.metadata } };
  }
}

/** The text that answers a turn, as it grows; nothing for runs that answer nobody. */
async function* answerTo(deps: ApiDeps, run: Run, signal: AbortSignal): AsyncGenerator<Said> {
  const { conversationId: sessionId, readRev: rev } = run;
  if (sessionId === null || rev === null) return;
  yield* followAnswer(deps, { sessionId, rev, signal });
}

/** The task as it has ended, by a later turn where one answered in its place; nothing when the signal fires before. */
async function* endsOf(deps: ApiDeps, run: Run, signal: AbortSignal) {
  const { conversationId: sessionId, readRev: rev } = run;
  if (sessionId !== null && rev !== null) {
    for await (const said of followAnswer(deps, { sessionId, rev, signal })) {
      if (said.kind !== 'end') continue;
      const reply = said.message?.body ?? null;
      const artifacts = artifactsOf(said.run, reply);
      yield { ...showTask(said.run, reply), id: run.id, status: statusOf(said.run), artifacts };
      return;
    }
    if (signal.aborted) return;
  }
  const after = fromTheStart;
  for await (const event of deps.feeds.watch({ id: run.id, after, signal })) {
    if (event.kind === 'end') yield showTask(event.run);
  }
}
