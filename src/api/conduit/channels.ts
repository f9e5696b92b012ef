import { z } from '@hono/zod-openapi';
import {
  createChannel,
  type MadeChannel,
  patchChannel,
  removeChannel,
  requireChannel,
} from '../../conversations/channels.ts';
import { takeIn } from '../../conversations/receive.ts';
import { type Channel, channelTypes, messageChannels } from '../../core/channel.ts';
import { listChannels } from '../../store/channels.ts';
import { created, deleted, listed, ok } from '../answer.ts';
import { keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { deletion, idParam, jsonObject, listQuery, ofObject, workspaceIdField } from './fields.ts';
import { messageBody } from './inbox-fields.ts';
import { iso } from './times.ts';

const tag = 'channels';
const resource = 'channel';
const params = z.object({ id: idParam('Channel', 'ch77c0dy0mgdpzmqz6tesry8w184002s') });

const shape = z.object({
  id: z.string(),
  workspace_id: z.string(),
  type: z.enum(channelTypes),
  name: z.string(),
  channel: z.enum(messageChannels),
  inbox_type_id: z.string(),
  config: z.record(z.string(), z.unknown()),
  inbound_url: z.string().nullable().openapi({
    description:
      'Where messages come in; who knows it needs the signature as well, if there is one.',
  }),
  quiet_ms: z.number().int(),
  resend_unknown: z.boolean(),
  enabled: z.boolean(),
  created_at: z.string(),
  updated_at: z.string(),
});

const madeShape = shape.extend({
  secret: z.string().nullable().openapi({ description: 'Made for the channel; shown this once.' }),
});

/** The path, under the server's address, at which messages of the channel come in. */
const inboundPath = (key: string) => `/inbound/${key}`;

function show(channel: Channel) {
  const { inboundKey } = channel;
  return {
    id: channel.id,
    workspace_id: channel.workspaceId,
    type: channel.type,
    name: channel.name,
    channel: channel.channel,
    inbox_type_id: channel.inboxTypeId,
    config: channel.config,
    inbound_url: inboundKey === null ? null : inboundPath(inboundKey),
    quiet_ms: channel.quietMs,
    resend_unknown: channel.resendUnknown,
    enabled: channel.enabled,
    created_at: iso(channel.createdAt),
    updated_at: iso(channel.updatedAt),
  };
}

const takenShape = z.object({
  id: z.string(),
  conversation_id: z.string(),
  repeated: z.boolean(),
});

const fields = {
  name: z.string().trim().min(1).max(100),
  channel: z.enum(messageChannels).optional().openapi({
    description: 'What message triggers know its messages by; by default the type’s own.',
  }),
  inbox_type_id: z.string().min(1).max(64).optional(),
  config: jsonObject.optional().openapi({ description: 'By type; see docs/channels.md.' }),
  secrets: z
    .record(z.string().max(100), z.string().max(1_000).nullable())
    .optional()
    .openapi({ description: 'Write-only, by name; null takes one away.' }),
  quiet_ms: z.number().int().min(0).max(60_000).optional().openapi({
    description: 'Messages that come within it are one burst, and one run.',
  }),
  resend_unknown: z.boolean().optional().openapi({
    description: 'Send again, under the same id, when nobody knows whether it arrived.',
  }),
  enabled: z.boolean().optional(),
};

type Given = Omit<z.output<z.ZodObject<typeof fields>>, 'name'>;

const inputOf = (body: Given) => ({
  channel: body.channel,
  inboxTypeId: body.inbox_type_id,
  config: body.config,
  secrets: body.secrets,
  quietMs: body.quiet_ms,
  resendUnknown: body.resend_unknown,
  enabled: body.enabled,
});

export const channelRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/channels',
      operationId: 'listChannels',
      tag,
      summary: 'List channels',
      resource,
      right: 'read',
      workspace: { from: 'query', need: 'one' },
      query: z.object(listQuery),
      responses: { 200: { description: 'Channels', data: shape, kind: 'page' } },
    },
    async ({ query, workspaceId }, deps) => {
      const paging = pagingOf(deps, { name: 'channels', filters: { workspaceId }, ...query });
      return listed(await listChannels(deps.db, workspaceId, paging.request), paging, show);
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/channels',
      operationId: 'createChannel',
      tag,
      summary: 'Create channel',
      resource,
      right: 'write',
      workspace: { from: 'body', need: 'one' },
      idempotent: 'create',
      secretAnswer: true,
      body: z.object({
        workspace_id: workspaceIdField.optional(),
        type: z.enum(channelTypes),
        ...fields,
      }),
      bodyRequired: true,
      bodyExample: { type: 'webhook', name: 'Bridge' },
      errors: { 409: 'The workspace has too many channels' },
      responses: { 201: { description: 'Channel created', data: madeShape } },
    },
    async ({ body, workspaceId, idempotency }, deps) => {
      const answerOf = ({ channel, secret }: MadeChannel) => created({ ...show(channel), secret });
      const input = { workspaceId, type: body.type, name: body.name, ...inputOf(body) };
      const keep = keepAnswer(deps, idempotency, answerOf);
      return answerOf(await createChannel(deps, input, keep));
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/channels/{id}',
      operationId: 'getChannel',
      tag,
      summary: 'Get channel',
      resource,
      right: 'read',
      workspace: ofObject,
      params,
      responses: { 200: { description: 'Channel', data: shape } },
    },
    async ({ params: { id }, scope }, deps) =>
      ok(show(await requireChannel(deps.db, { scope, id }))),
  ),
  defineRoute(
    {
      method: 'patch',
      path: '/v1/channels/{id}',
      operationId: 'updateChannel',
      tag,
      summary: 'Update channel',
      description:
        '`config` replaces the whole of it; of `secrets` only those that are named change.',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      body: z.object({ ...fields, name: fields.name.optional() }),
      bodyExample: { name: 'Bridge' },
      responses: { 200: { description: 'Channel updated', data: shape } },
    },
    async ({ params: { id }, scope, body }, deps) =>
      ok(show(await patchChannel(deps, { scope, id }, { name: body.name, ...inputOf(body) }))),
  ),
  defineRoute(
    {
      method: 'delete',
      path: '/v1/channels/{id}',
      operationId: 'deleteChannel',
      tag,
      summary: 'Delete channel',
      description: 'Its conversations stay. What is not sent yet never is.',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      responses: { 200: { description: 'Channel deleted', data: deletion } },
    },
    async ({ params: { id }, scope }, deps) => {
      await removeChannel(deps.db, { scope, id });
      return deleted(id);
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/channels/{id}/messages',
      operationId: 'receiveMessage',
      tag,
      summary: 'Take in a message',
      description:
        'A message that came by the channel, handed over with a token: for chats, imports and tests. A second one with its `external_id` is a repeat.',
      // Who may chat with agents may write by a channel, without setting channels up.
      resource: 'chat',
      right: 'write',
      workspace: ofObject,
      params,
      body: z.object({
        from: z.object({
          id: z.string().min(1).max(500).openapi({ description: 'Their address on the channel.' }),
          name: z.string().max(400).nullable().optional(),
        }),
        body: messageBody,
        external_id: z.string().min(1).max(500).optional(),
        thread_id: z.string().min(1).max(500).optional().openapi({
          description: 'Messages with the same one are one conversation; default: the address.',
        }),
        subject: z.string().max(500).nullable().optional(),
      }),
      bodyRequired: true,
      bodyExample: { from: { id: 'ada', name: 'Ada Example' }, body: 'Where is my order?' },
      errors: { 409: 'The channel is switched off' },
      responses: {
        200: { description: 'A repeat', data: takenShape },
        201: { description: 'Message taken in', data: takenShape },
      },
    },
    async ({ params: { id }, scope, body }, deps) => {
      const channel = await requireChannel(deps.db, { scope, id });
      const recorded = await takeIn(deps.db, channel, {
        from: { id: body.from.id, name: body.from.name ?? null },
        body: body.body,
        externalId: body.external_id ?? null,
        threadKey: body.thread_id ?? body.from.id,
        subject: body.subject ?? null,
      });
      const repeated = recorded.kind === 'repeated';
      return {
        status: repeated ? 200 : 201,
        data: {
          id: recorded.messageId,
          conversation_id: recorded.conversationId,
          repeated,
        },
      };
    },
  ),
];
