import { z } from '@hono/zod-openapi';
import { closeSession, createSession, requireSession } from '../../chat/sessions.ts';
import type { ChatSession } from '../../core/chat.ts';
import { refusal } from '../../core/validate.ts';
import { listChatSessions } from '../../store/chat-sessions.ts';
import { listed, ok } from '../answer.ts';
import { findAgent, findAgentId } from '../find.ts';
import { claimIn, keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { sessionRow, showSession } from './chat-view.ts';
import { agentFilter, booleanParam, ofObject, pageQuery } from './fields.ts';

const tag = 'Chat';
const resource = 'chat';

export const sessionParams = z.object({
  session_id: z.string().openapi({ description: 'Id of the chat session.' }),
});

const ignored = 'Of a platform’s own relay; decides nothing here.';
const agentId = z.union([z.number().int(), z.string().min(1).max(64)]).openapi({
  description: 'Number of the agent, or its `ag…` id.',
});

const newSession = z
  .object({
    agent_id: agentId.nullable().optional(),
    managed_agent_key: z.string().max(100).nullable().optional().openapi({
      description: 'An agent of the operator’s; there are none here.',
    }),
    title: z.string().max(500).nullable().default(null),
    client_id: z.union([z.string(), z.number()]).nullable().optional().openapi({
      description: ignored,
    }),
    bot_id: z.string().nullable().optional().openapi({ description: ignored }),
    inbound_tenant_id: z.string().nullable().optional().openapi({ description: ignored }),
    show_agent_progress_steps: z.boolean().default(false).openapi({
      description: 'Whether its events name the tools that the agent uses.',
    }),
    end_user: z.string().min(1).max(255).nullable().default(null).openapi({
      description: 'What the person is known by: the same again is the same contact.',
    }),
    end_user_name: z.string().min(1).max(200).nullable().default(null),
  })
  .openapi('CreateChatSessionRequest');

export const chatSessionRoutes = [
  defineRoute(
    {
      method: 'post',
      path: '/public-api/chat/sessions',
      operationId: 'public_api.chat_sessions_post',
      tag,
      summary: 'Create a chat session',
      description:
        'Give exactly one of `agent_id` and `managed_agent_key`. `show_agent_progress_steps`, `end_user` and `end_user_name` go beyond what Neo’s pages document.',
      resource,
      right: 'write',
      workspace: { from: 'header', need: 'optional' },
      body: newSession,
      bodyRequired: true,
      bodyExample: { agent_id: 1 },
      idempotent: 'create',
      errors: { 409: 'The agent is disabled or inactive, or chat is switched off' },
      responses: { 201: { description: 'Created.', data: sessionRow } },
    },
    async ({ body, scope, caller, idempotency }, deps) => {
      const { agent_id, managed_agent_key: key } = body;
      const problems = new Map<string, string>();
      if ((agent_id ?? null) === null && (key ?? null) === null) {
        problems.set('agent_id', 'is required');
      } else if ((key ?? null) !== null) {
        const both = (agent_id ?? null) !== null;
        problems.set(
          'managed_agent_key',
          both ? 'cannot be given beside agent_id' : 'names no agent: there are none here',
        );
      }
      if (problems.size > 0) throw refusal(problems);
      const agent = await findAgent(deps, scope, String(agent_id));
      const answerOf = (session: ChatSession) => ({ status: 201, data: showSession(session) });
      const claim = claimIn(agent.workspaceId, idempotency);
      const session = await createSession(
        deps,
        {
          ...{ agent, title: body.title, showsProgress: body.show_agent_progress_steps },
          endUser: { id: body.end_user, name: body.end_user_name },
          callerId: caller.id,
        },
        keepAnswer(deps, claim, answerOf),
      );
      return answerOf(session);
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/public-api/chat/sessions',
      operationId: 'public_api.chat_sessions_get',
      tag,
      summary: 'List chat sessions, newest first',
      resource,
      right: 'read',
      workspace: { from: 'header', need: 'one' },
      query: z.object({
        agent_id: agentFilter,
        archived: booleanParam({ default: false, description: 'Closed ones instead.' }),
        ...pageQuery,
      }),
      responses: { 200: { description: 'Success.', data: sessionRow, kind: 'page' } },
    },
    async ({ query, scope, workspaceId }, deps) => {
      const { page_size: limit, cursor, agent_id, archived } = query;
      const filters = { agent_id, archived, workspaceId };
      const paging = pagingOf(deps, { name: 'chat-sessions', filters, limit, cursor });
      const agentId = agent_id === undefined ? undefined : await findAgentId(deps, scope, agent_id);
      const page = await listChatSessions(deps.db, { scope, agentId, archived }, paging.request);
      return listed(page, paging, showSession);
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/public-api/chat/sessions/{session_id}',
      operationId: 'public_api.chat_sessions_detail_get',
      tag,
      summary: 'Get a chat session',
      resource,
      right: 'read',
      workspace: ofObject,
      params: sessionParams,
      endUsers: true,
      responses: { 200: { description: 'Success.', data: sessionRow } },
    },
    async ({ params: { session_id: id }, scope }, deps) =>
      ok(showSession(await requireSession(deps.db, { scope, id }))),
  ),
  defineRoute(
    {
      method: 'delete',
      path: '/public-api/chat/sessions/{session_id}',
      operationId: 'public_api.chat_sessions_detail_delete',
      tag,
      summary: 'Close a chat session',
      description:
        'For good: it takes no more messages, and its tokens are void. What was said in it stays.',
      resource,
      right: 'write',
      workspace: ofObject,
      params: sessionParams,
      errors: { 409: 'It was closed before' },
      responses: { 200: { description: 'Success.', data: sessionRow } },
    },
    async ({ params: { session_id: id }, scope }, deps) =>
      ok(showSession(await closeSession(deps, { scope, id }))),
  ),
];
