import { z } from '@hono/zod-openapi';
import { findAgentCalled } from '../../chat/agent-by-name.ts';
import { talk } from '../../chat/talk.ts';
import { ApiError } from '../../core/errors.ts';
import type { Run } from '../../core/run.ts';
import { getRun } from '../../store/runs.ts';
import type { ApiDeps } from '../deps.ts';
import type { Call } from '../route.ts';
import { readSaid, saidMessage } from '../said.ts';
import { findThread, threadSpace } from './threads.ts';

// What begins a run: the messages to be answered. What would change the run and cannot be done is refused.

const message = z.preprocess(withRole, saidMessage);
const nothing = (why: string) => z.null({ error: `must be absent: ${why}` }).optional();

export const runRequest = z.looseObject({
  assistant_id: z.string().min(1).max(300),
  input: z.union(
    [
      z.string(),
      z.array(message).max(1_000),
      z.looseObject({ messages: z.array(message).max(1_000) }),
    ],
    { error: 'must be a text, messages, or an object with messages' },
  ),
  stream_mode: z.union([z.string(), z.array(z.string())]).nullish(),
  if_not_exists: z.enum(['create', 'reject']).nullish(),
  command: nothing('runs here are not interrupted by their clients'),
  webhook: nothing('webhooks are set at /v1/webhooks'),
  after_seconds: nothing('runs for later are at /v1/schedules'),
  checkpoint: nothing('a thread goes on from its end'),
});
export type RunRequest = z.output<typeof runRequest>;

/** Messages of LangChain say a type instead of a role. */
function withRole(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || 'role' in given) return given;
  const { type } = given as { readonly type?: unknown };
  const roles: Readonly<Record<string, string>> = { human: 'user', ai: 'assistant' };
  return { ...given, role: roles[String(type)] ?? type };
}

export interface BegunRun {
  readonly run: Run;
  readonly sessionId: string;
  readonly rev: number;
}

/** Sends the messages; `name` null: in a thread of their own. Throws `conflict` where no agent answers. */
export async function beginRun(
  deps: ApiDeps,
  call: Pick<Call<unknown, unknown, RunRequest>, 'body' | 'caller'> & {
    readonly workspaceId: string;
  },
  name: string | null,
): Promise<BegunRun> {
  const { body, caller, workspaceId } = call;
  const agent = await findAgentCalled(deps.db, [workspaceId], body.assistant_id);
  if (name !== null && body.if_not_exists !== 'create') await findThread(deps, workspaceId, name);
  const { input } = body;
  const messages =
    typeof input === 'string'
      ? [{ role: 'user', content: input }]
      : Array.isArray(input)
        ? input
        : input.messages;
  const { session, turn } = await talk(deps, {
    ...{ agent, ...readSaid(messages), clientMessageId: null, callerId: caller.id },
    thread: name === null ? null : { space: threadSpace, name },
  });
  const run = turn.run === null ? null : await getRun(deps.db, [workspaceId], turn.run.id);
  if (run !== null) return { run, sessionId: session.id, rev: turn.rev };
  throw new ApiError('conflict', 'People have taken over this thread, and answer in it.');
}
