import { z } from '@hono/zod-openapi';
import {
  type ChatConfig,
  channelProfileFields,
  requireHearing,
} from '../../conversations/channel-profile.ts';
import {
  createChannel,
  type MadeChannel,
  patchChannel,
  removeChannel,
  requireChannel,
} from '../../conversations/channels.ts';
import type { Channel, ChannelType } from '../../core/channel.ts';
import { ApiError } from '../../core/errors.ts';
import { givenFields } from '../../core/given-fields.ts';
import { readAgentLabels } from '../../store/agent-labels.ts';
import { listChannels } from '../../store/channels.ts';
import { created, deleted, listed, ok } from '../answer.ts';
import type { ApiDeps } from '../deps.ts';
import { findAgent } from '../find.ts';
import { keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { deletion, ofObject, pageQuery } from './fields.ts';

// Channels as Neo's pages document them. The portal is the chat; the others are those of `/v1/channels`, where they are
// set up with their credentials.

const tag = 'Channels';
const resource = 'channel';

const transports = ['TEAMS', 'SLACK', 'PORTAL', 'EMAIL', 'WEBHOOK'] as const;
const transportOf: Readonly<Record<ChannelType, (typeof transports)[number]>> = {
  chat: 'PORTAL',
  slack: 'SLACK',
  email: 'EMAIL',
  webhook: 'WEBHOOK',
};
const statuses = ['ACTIVE', 'DISCONNECTED'] as const;

const greeting = {
  display_name: z.string(),
  welcome_message: z.string().nullable(),
  color_icon_url: z.string().nullable(),
  outline_icon_url: z.string().nullable(),
};

const row = z
  .object({
    id: z.string(),
    internal_name: z.string(),
    transport: z.enum(transports),
    status: z.enum(statuses),
    audience: channelProfileFields.audience.nullable(),
    agent_id: z.number().int().nullable(),
    ...greeting,
    description: z.string().nullable(),
    relay_prefix: z.string().nullable(),
    show_agent_progress_steps: z.boolean(),
    created_at: z.string().openapi({ format: 'date-time' }),
    updated_at: z.string().openapi({ format: 'date-time' }),
  })
  .openapi('Channel');

function showGreeting({ name, config }: Channel) {
  const profile = config as ChatConfig;
  return {
    display_name: profile.display_name ?? name,
    welcome_message: profile.welcome_message ?? null,
    color_icon_url: profile.color_icon_url ?? null,
    outline_icon_url: profile.outline_icon_url ?? null,
  };
}

function show(channel: Channel, agentNumber: number | null): z.input<typeof row> {
  const profile = channel.config as ChatConfig;
  return {
    id: channel.id,
    internal_name: channel.name,
    transport: transportOf[channel.type],
    status: channel.enabled ? 'ACTIVE' : 'DISCONNECTED',
    audience: profile.audience ?? null,
    agent_id: agentNumber,
    ...showGreeting(channel),
    description: profile.description ?? null,
    relay_prefix: profile.relay_prefix ?? null,
    show_agent_progress_steps: profile.show_agent_progress_steps ?? false,
    created_at: channel.createdAt.toISOString(),
    updated_at: channel.updatedAt.toISOString(),
  };
}

const agentIn = ({ config }: Channel) => (config as ChatConfig).agent_id ?? '';

async function viewer(deps: Pick<ApiDeps, 'db'>, channels: readonly Channel[]) {
  const labels = await readAgentLabels(deps.db, channels.map(agentIn));
  return (channel: Channel) => show(channel, labels.get(agentIn(channel))?.number ?? null);
}

async function shown(deps: Pick<ApiDeps, 'db'>, channel: Channel) {
  return (await viewer(deps, [channel]))(channel);
}

const agentId = z
  .union([z.number().int(), z.string()])
  .transform(String)
  .nullable()
  .optional()
  .openapi({ description: 'Number of the agent that answers, or its `ag…` id.' });

const { audience, ...profileFields } = channelProfileFields;
const optionalProfile = z.object(profileFields).partial().shape;
const params = z.object({ channel_id: z.string().openapi({ description: 'Id, `ch…`.' }) });
const unheard = { 422: 'Invalid; or the agent does not hear this channel' };

export const neoChannelRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/public-api/channels',
      operationId: 'public_api.channels_get',
      tag,
      summary: 'List channels, newest first',
      resource,
      right: 'read',
      workspace: { from: 'header', need: 'one' },
      query: z.object(pageQuery),
      responses: { 200: { description: 'Success.', data: row, kind: 'page' } },
    },
    async ({ query: { page_size: limit, cursor }, workspaceId }, deps) => {
      const paging = pagingOf(deps, {
        name: 'neo-channels',
        filters: { workspaceId },
        limit,
        cursor,
      });
      const page = await listChannels(deps.db, workspaceId, paging.request);
      return listed(page, paging, await viewer(deps, page.items));
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/public-api/channels',
      operationId: 'public_api.channels_post',
      tag,
      summary: 'Create a channel',
      description:
        'Of transport `PORTAL`: the chat. Others need credentials, which `POST /v1/channels` takes. The agent must have a message trigger that hears the channel.',
      resource,
      right: 'write',
      workspace: { from: 'header', need: 'one' },
      idempotent: 'create',
      body: z.object({
        internal_name: z.string().trim().min(1).max(100),
        audience,
        transport: z.enum(transports).default('PORTAL'),
        status: z.enum(statuses).default('ACTIVE'),
        agent_id: agentId,
        ...optionalProfile,
      }),
      bodyRequired: true,
      bodyExample: { internal_name: 'Help desk', audience: 'END_USER' },
      errors: { ...unheard, 409: 'The workspace has too many channels' },
      responses: { 201: { description: 'Created.', data: row } },
    },
    async ({ body, scope, workspaceId, idempotency }, deps) => {
      const { internal_name: name, transport, status, agent_id, ...profile } = body;
      if (transport !== 'PORTAL') {
        throw new ApiError(
          'unprocessable',
          `A channel of transport ${transport} needs credentials: create it with POST /v1/channels.`,
          { details: { transport: 'must be PORTAL here' } },
        );
      }
      const agent = agent_id ? await findAgent(deps, scope, agent_id) : null;
      if (agent !== null) requireHearing(agent, { channel: 'chat', inboxTypeId: 'guest' });
      const config = givenFields({ ...profile, agent_id: agent?.id });
      const answerOf = ({ channel }: MadeChannel) => created(show(channel, agent?.number ?? null));
      const enabled = status === 'ACTIVE';
      const input = { workspaceId, type: 'chat', name, config, enabled } as const;
      return answerOf(await createChannel(deps, input, keepAnswer(deps, idempotency, answerOf)));
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/public-api/channels/{channel_id}',
      operationId: 'public_api.channels_detail_get',
      tag,
      summary: 'Get a channel',
      resource,
      right: 'read',
      workspace: ofObject,
      params,
      responses: { 200: { description: 'Success.', data: row } },
    },
    async ({ params: { channel_id: id }, scope }, deps) =>
      ok(await shown(deps, await requireChannel(deps.db, { scope, id }))),
  ),
  defineRoute(
    {
      method: 'patch',
      path: '/public-api/channels/{channel_id}',
      operationId: 'public_api.channels_detail_patch',
      tag,
      summary: 'Update a channel',
      description: 'Only what is given changes. Of what is no chat only name and status can.',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      body: z.object({
        internal_name: z.string().trim().min(1).max(100).optional(),
        status: z.enum(statuses).optional(),
        agent_id: agentId,
        audience: audience.optional(),
        ...optionalProfile,
      }),
      bodyExample: { welcome_message: 'How can we help?' },
      errors: unheard,
      responses: { 200: { description: 'Success.', data: row } },
    },
    async ({ params: { channel_id: id }, scope, body }, deps) => {
      const { internal_name: name, status, agent_id, ...profile } = body;
      const before = await requireChannel(deps.db, { scope, id });
      const agent = agent_id ? await findAgent(deps, [before.workspaceId], agent_id) : null;
      if (agent !== null) requireHearing(agent, before);
      const bound = agent_id === undefined ? undefined : (agent?.id ?? null);
      const configChanges = givenFields({ ...profile, agent_id: bound });
      const enabled = status === undefined ? undefined : status === 'ACTIVE';
      const after = await patchChannel(deps, { scope, id }, { name, configChanges, enabled });
      return ok(await shown(deps, after));
    },
  ),
  defineRoute(
    {
      method: 'delete',
      path: '/public-api/channels/{channel_id}',
      operationId: 'public_api.channels_detail_delete',
      tag,
      summary: 'Delete a channel',
      description: 'Its conversations stay.',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      responses: { 200: { description: 'Success.', data: deletion } },
    },
    async ({ params: { channel_id: id }, scope }, deps) => {
      await removeChannel(deps.db, { scope, id });
      return deleted(id);
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/public-api/channels/install-events',
      operationId: 'public_api.channels_install_events_post',
      tag,
      summary: 'Get how a channel greets whoever has just installed it',
      resource,
      right: 'read',
      workspace: ofObject,
      body: z.object({ channel_id: z.string().min(1).max(64) }),
      bodyRequired: true,
      bodyExample: { channel_id: 'ch77c0dy0mgdpzmqz6tesry8w184002s' },
      responses: { 200: { description: 'Success.', data: z.object(greeting) } },
    },
    async ({ body: { channel_id: id }, scope }, deps) =>
      ok(showGreeting(await requireChannel(deps.db, { scope, id }))),
  ),
];
