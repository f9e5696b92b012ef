import { followAnswer, type Said } from '../../chat/follow-answer.ts';
import { talk } from '../../chat/talk.ts';
import type { TurnEnd } from '../../chat/turn-events.ts';
import type { Agent } from '../../core/agent.ts';
import { ApiError } from '../../core/errors.ts';
import { isTerminal, type Run } from '../../core/run.ts';
import { validate } from '../../core/validate.ts';
import { cancelRun } from '../../runs/cancel.ts';
import { fromTheStart } from '../../runs/watch.ts';
import type { ApiDeps } from '../deps.ts';
import { findRunOfAgent } from '../find.ts';
import type { Call } from '../route.ts';
import { type SentMessage, sendParams, taskParams, textOf } from './requests.ts';
import { artifactsOf, contextOf, replyArtifact, showTask } from './task-view.ts';

// The methods, over chat and runs. What is streamed ends with the state that the task is in then.

export interface Asked {
  readonly agent: Agent;
  readonly params: Readonly<Record<string, unknown>>;
  readonly call: Pick<Call, 'caller' | 'scope' | 'signal'>;
}

type Event = Readonly<Record<string, unknown>>;

/** The task that the message began, or its end. */
export async function sendMessage(deps: ApiDeps, asked: Asked): Promise<Event> {
  const { agent, call } = asked;
  const { message, configuration } = validate(sendParams, asked.params);
  const isWaitedFor = configuration?.returnImmediately !== true;
  const { workspaceId } = agent;
  using _ = isWaitedFor ? deps.streams?.enter({ caller: call.caller, workspaceId }) : null;
  const run = await begin(deps, asked, message);
  if (run === null) return { message: takenOver(message) };
  let last: Event = { task: showTask(run) };
  if (!isWaitedFor) return last;
  for await (const end of endsOf(deps, run, call.signal)) last = { task: end };
  return last;
}

/** The same as it goes on. */
export async function* streamMessage(deps: ApiDeps, asked: Asked): AsyncGenerator<Event> {
  const { message } = validate(sendParams, asked.params);
  const run = await begin(deps, asked, message);
  if (run === null) return yield { message: takenOver(message) };
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

/** Null: nobody of ours answers. */
async function begin(
  deps: ApiDeps,
  { agent, call }: Asked,
  message: SentMessage,
): Promise<Run | null> {
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
  if (turn.run === null) return null;
  return await findRunOfAgent(deps, call.scope, { id: agent.id, run_id: turn.run.id });
}

/** Agents stand back in this conversation: a person answers there. */
function takenOver({ messageId, contextId = '' }: SentMessage) {
  const parts = [{ text: 'A person has taken over and will answer.' }];
  return { messageId: `${messageId}-taken-over`, role: 'ROLE_AGENT', contextId, parts };
}

async function* followTask(deps: ApiDeps, run: Run, signal: AbortSignal): AsyncGenerator<Event> {
  const about = { taskId: run.id, contextId: contextOf(run) };
  yield { task: showTask(run) };
  let hasBegun = false;
  let isWhole = true;
  let ended: EndedTask | null = null;
  for await (const said of answerTo(deps, run, signal)) {
    if (said.kind === 'end') ended = endedBy(run, said);
    if (said.kind === 'broken') isWhole = false;
    if (said.kind !== 'delta') continue;
    const artifact = replyArtifact(said.text);
    yield { artifactUpdate: { ...about, artifact, append: hasBegun, lastChunk: false } };
    hasBegun = true;
  }
  for await (const end of ended === null ? endsOf(deps, run, signal) : [ended]) {
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
async function* endsOf(deps: ApiDeps, run: Run, signal: AbortSignal): AsyncGenerator<EndedTask> {
  for await (const said of answerTo(deps, run, signal)) {
    if (said.kind === 'end') return yield endedBy(run, said);
  }
  if (signal.aborted) return;
  const after = fromTheStart;
  for await (const event of deps.feeds.watch({ id: run.id, after, signal })) {
    if (event.kind === 'end') yield showTask(event.run);
  }
}

type EndedTask = ReturnType<typeof showTask>;

/** The task as the end of its turn leaves it, whichever run has answered. */
function endedBy({ id }: Run, { run, message }: TurnEnd): EndedTask {
  const reply = message?.body ?? null;
  return { ...showTask(run, reply), id, artifacts: artifactsOf(run, reply) };
}
