import { z } from '@hono/zod-openapi';
import { ApiError, type Problem } from '../../core/errors.ts';
import { stringifyJson } from '../../core/raw-json.ts';
import { offeredSkills } from '../../store/skills.ts';
import { ok } from '../answer.ts';
import { ofObject } from '../conduit/fields.ts';
import type { ApiDeps } from '../deps.ts';
import { eventStream, type ServerSentEvent } from '../event-stream.ts';
import { findAgent } from '../find.ts';
import { type RpcId, rpcError } from '../json-rpc.ts';
import { defineRoute } from '../route.ts';
import { agentCard } from './card.ts';
import { legacyResult, modernMethod, modernParams } from './legacy.ts';
import {
  type Asked,
  cancelTask,
  getTask,
  sendMessage,
  streamMessage,
  subscribeToTask,
} from './methods.ts';
import { rpcRequest } from './requests.ts';

const params = z.object({ id: z.string().openapi({ description: 'Of the agent: id or number.' }) });

const getAgentCard = defineRoute(
  {
    method: 'get',
    path: '/a2a/agents/{id}/.well-known/agent-card.json',
    operationId: 'getAgentCard',
    tag: 'agents',
    summary: 'The agent’s card',
    resource: 'agent',
    right: 'read',
    workspace: ofObject,
    params,
    responses: { 200: { description: 'The card', data: z.looseObject({}) } },
  },
  async ({ params: { id }, scope, http }, deps) => {
    const agent = await findAgent(deps, scope, id);
    const skills = await offeredSkills(deps.db, agent.workspaceId, agent.definition.skill_ids);
    const url = new URL(`/a2a/agents/${agent.id}`, deps.publicUrl ?? http.req.url);
    return ok(agentCard(agent, skills, url.href));
  },
);

const answerA2a = defineRoute(
  {
    method: 'post',
    path: '/a2a/agents/{id}',
    operationId: 'answerA2a',
    tag: 'agents',
    summary: 'Agent2Agent: messages and tasks',
    resource: 'run',
    right: 'write',
    workspace: ofObject,
    params,
    body: rpcRequest,
    bodyRequired: true,
    bodyExample: {
      jsonrpc: '2.0',
      id: 1,
      method: 'SendMessage',
      params: {
        message: { messageId: 'm1', role: 'ROLE_USER', parts: [{ text: 'Hello' }] },
        configuration: { returnImmediately: true },
      },
    },
    waitsForOthers: true,
    audited: ({ method, params: given }) => changeOf(modernMethod(method) ?? method, given),
    responses: { 200: { description: 'The answer, or a stream of answers' } },
  },
  async (call, deps) => {
    const { body, http, caller, scope, signal } = call;
    const id = body.id ?? null;
    const agent = await findAgent(deps, scope, call.params.id);
    const modern = modernMethod(body.method);
    const method = modern ?? body.method;
    const given = body.params ?? {};
    const asked = {
      agent,
      params: modern === null ? given : modernParams(given),
      call: { caller, scope, signal },
    };
    const shown = (result: Readonly<Record<string, unknown>>) => ({
      jsonrpc: '2.0',
      id,
      result: modern === null ? result : legacyResult(result),
    });
    try {
      requireVersion(http.req.header('a2a-version') ?? null);
      const plain = answers.get(method);
      if (plain !== undefined) return ok(shown(await plain(deps, asked)));
      const stream = streams.get(method);
      if (stream === undefined) throw unknownMethod(method);
      using place = new DisposableStack();
      // Before anything is begun: what is refused here may be sent again.
      place.use(deps.streams?.enter({ caller, workspaceId: agent.workspaceId }));
      const events = (await stream(deps, asked))[Symbol.asyncIterator]();
      // What is refused at once is no stream yet.
      const first = await events.next();
      const told = async function* (): AsyncGenerator<ServerSentEvent> {
        for (let next = first; next.done !== true; next = await events.next()) {
          yield { data: stringifyJson(shown(next.value)) };
        }
      };
      return eventStream(http, signal, told, place.move());
    } catch (error) {
      const shown = refused(error, { id, method });
      http.set('isRefused', true);
      return ok(shown);
    }
  },
);

type Answerer = (deps: ApiDeps, asked: Asked) => Promise<Readonly<Record<string, unknown>>>;
const answers = new Map<string, Answerer>([
  ['SendMessage', sendMessage],
  ['GetTask', getTask],
  ['CancelTask', cancelTask],
]);

type Streamer = (
  deps: ApiDeps,
  asked: Asked,
) =>
  | AsyncGenerator<Readonly<Record<string, unknown>>>
  | Promise<AsyncGenerator<Readonly<Record<string, unknown>>>>;
const streams = new Map<string, Streamer>([
  ['SendStreamingMessage', streamMessage],
  ['SubscribeToTask', subscribeToTask],
]);

/** What the audit log says of a method; null: it only reads. */
function changeOf(method: string, given: Readonly<Record<string, unknown>> = {}) {
  const action = `answerA2a.${method}`;
  if (method === 'CancelTask') return { action, objectId: String(given.id) };
  return method.startsWith('Send') && (answers.has(method) || streams.has(method))
    ? { action, isFrequent: true }
    : null;
}

/** Section 5.4 of the specification. */
const codes: Partial<Record<Problem, number>> = {
  not_found: -32_001,
  validation_error: -32_602,
  conflict: -32_004,
  agent_disabled: -32_004,
  unprocessable: -32_004,
};

function refused(error: unknown, { id, method }: { readonly id: RpcId; readonly method: string }) {
  if (error instanceof UnknownMethod) return rpcError(error, { id, code: error.code });
  const code = error instanceof ApiError ? codes[error.problem] : undefined;
  if (!(error instanceof ApiError) || code === undefined) throw error;
  const isNotCancelable = method === 'CancelTask' && error.problem === 'conflict';
  return rpcError(error, { id, code: isNotCancelable ? -32_002 : code });
}

class UnknownMethod extends ApiError {
  readonly code: number;

  constructor(message: string, code: number) {
    super('unprocessable', message);
    this.code = code;
  }
}

function unknownMethod(method: string): UnknownMethod {
  if (method.includes('PushNotification')) {
    return new UnknownMethod('Push notifications are not offered: see /v1/webhooks.', -32_003);
  }
  if (method === 'GetExtendedAgentCard') {
    return new UnknownMethod('There is no other card than the one that is shown.', -32_007);
  }
  if (method === 'ListTasks') {
    return new UnknownMethod('Tasks are listed as runs: GET /v1/agents/{id}/runs.', -32_004);
  }
  return new UnknownMethod(`There is no method ${method}.`, -32_601);
}

function requireVersion(version: string | null): void {
  if (version === null || /^(?:1\.0|0\.3)(?:\.\d+)?$/.test(version)) return;
  throw new UnknownMethod('Revisions 1.0 and 0.3 are spoken.', -32_009);
}

export const a2aRoutes = [getAgentCard, answerA2a];
