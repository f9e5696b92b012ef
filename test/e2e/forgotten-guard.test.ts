import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { apiRoutes } from '../../src/api/app.ts';
import { adapters } from '../../src/conversations/channels/adapters.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/engine-process.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';

// Every address that users can name, pointed at a service on the server's own machine, which must hear nothing: by
// the API, and where that refuses the address already, also by a row that came by it all the same. What the operator points
// somewhere (databases, storage, the issuer) is listed in test/outgoing.test.ts.

let heard = 0;
let canary: Server;
let port: number;
let dataDir: string;
let database: TestDatabase;
let server: ServerProcess;
let of: { readonly workspace_id: string };
beforeAll(async () => {
  canary = createServer((socket) => {
    heard += 1;
    socket.destroy();
  });
  canary.listen(0, '127.0.0.1');
  await once(canary, 'listening');
  port = (canary.address() as AddressInfo).port;
  dataDir = mkdtempSync(join(tmpdir(), 'signalbox-guard-'));
  database = await createTestDatabase();
  server = await startServerProcess({
    dataDir,
    env: { DATABASE_URL: database.url, SIGNALBOX_SECRET_KEY: 'k'.repeat(40) },
  });
  const { body } = await server.call<{ data: { id: string }[] }>('GET', '/v1/workspaces');
  of = { workspace_id: body.data[0]?.id ?? '' };
}, 60_000);
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await database?.[Symbol.asyncDispose]();
  canary?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const inside = () => `http://127.0.0.1:${port}/inside`;
const refusal =
  /not a public address|must use https|must be a host name|must not (?:name|lead to)|only hosts that are named/;

interface Made {
  readonly data: { readonly [name: string]: unknown; readonly id: string };
}

async function make(path: string, body: object, method = 'POST'): Promise<Made['data']> {
  const answer = await server.call<Made>(method, path, { ...of, ...body });
  expect([path, answer.status, answer.body]).toEqual([
    path,
    expect.toSatisfy((status: number) => status < 300),
    expect.anything(),
  ]);
  return answer.body.data;
}

async function refused(path: string, body: object, method = 'POST'): Promise<void> {
  const answer = await server.call(method, path, { ...of, ...body });
  expect([path, answer.status, JSON.stringify(answer.body)]).toEqual([
    path,
    400,
    expect.stringMatching(refusal),
  ]);
}

/** What the path shows says in the end that the address was refused. */
async function saysRefused(path: string): Promise<void> {
  let last: unknown;
  const says = async () => {
    last = (await server.call('GET', `${path}?workspace_id=${of.workspace_id}`)).body;
    return refusal.test(JSON.stringify(last));
  };
  await eventually(says).catch(() => expect([path, last]).toEqual([path, 'a refusal']));
}

const sql = (text: string, ...values: unknown[]) => database.db.execute({ text, values });

async function replies(type: string, config: object, secrets: object): Promise<void> {
  const channel = await make('/v1/channels', { type, name: type, config, secrets });
  const from = { id: 'ada@example.com' };
  const taken = await make(`/v1/channels/${channel.id}/messages`, { from, body: 'Hello?' });
  const path = `/v1/conversations/${taken.conversation_id}/messages`;
  await make(path, { body: 'Hello.' });
  await saysRefused(path);
}

const agentTool = {
  language: 'javascript',
  code: 'async function main() { return {message: ""} }',
};

/** By the field that names the address, as `route field`; of patches like of the creation. */
const attacks: Readonly<Record<string, () => Promise<void>>> = {
  'webhooks url': async () => {
    await refused('/v1/webhooks', { url: inside(), event_types: ['run.*'] });
    const url = 'https://example.invalid/';
    const webhook = await make('/v1/webhooks', { url, event_types: ['run.*'] });
    await sql('UPDATE webhooks SET url = $2 WHERE id = $1', webhook.id, inside());
    await make(`/v1/webhooks/${webhook.id}/test`, {});
    await saysRefused(`/v1/webhooks/${webhook.id}/deliveries`);
  },
  'models base_url': async () => {
    const model = { provider: 'openai-compatible', model: 'm', secret: 'KEY' };
    await make('/v1/secrets/KEY', { value: 'a key of the model' }, 'PUT');
    await refused('/v1/models', { ...model, name: 'inside', base_url: inside() });
    const base_url = 'https://example.invalid/v1';
    const made = await make('/v1/models', { ...model, name: 'stored', base_url });
    await sql('UPDATE models SET base_url = $2 WHERE id = $1', made.id, inside());
    const { error } = await make(`/v1/models/${made.id}/test`, {});
    expect(JSON.stringify(error)).toMatch(refusal);
    // The same way out serves embeddings and the order of what was found.
    for (const field of ['embedding_model', 'rerank_model']) {
      const path = `/v1/kb/settings?workspace_id=${of.workspace_id}`;
      await server.call('PATCH', path, { [field]: 'stored' });
    }
    await server.call('POST', '/v1/kb/search', { ...of, query: 'inside' });
  },
  'mcp-servers config.url': async () => {
    const url = 'https://example.invalid/mcp';
    const of = (at: string) => ({ name: 'inside', config: { transport: 'http', url: at } });
    await refused('/v1/mcp-servers', of(inside()));
    const made = await make('/v1/mcp-servers', of(url));
    const moved = 'UPDATE tool_sources SET config = replace(config, $2, $3) WHERE id = $1';
    await sql(moved, made.id, url, inside());
    const test = await make(`/v1/mcp-servers/${made.id}/test`, {});
    expect([test.success, test.error]).toEqual([false, expect.stringMatching(refusal)]);
  },
  'mcp-servers config.network.allow.[]': () => {
    const network = { allow: [`127.0.0.1:${port}`] };
    const config = { transport: 'stdio', directory: 'x', runtime: 'node', args: ['x'], network };
    return refused('/v1/mcp-servers', { name: 'inside2', config });
  },
  'openapi-tools document_url': () =>
    refused('/v1/openapi-tools', { name: 'inside', document_url: inside() }),
  'openapi-tools base_url': () => {
    const document = JSON.stringify({
      ...{ openapi: '3.1.0', info: { title: 'T', version: '1' } },
      paths: { '/x': { get: { operationId: 'x', responses: { 200: { description: 'OK' } } } } },
    });
    return refused('/v1/openapi-tools', { name: 'inside', document, base_url: inside() });
  },
  'custom-tools network.allow.[]': () =>
    refused('/v1/custom-tools', {
      ...{ name: 'inside', ...agentTool, network: { allow: [`127.0.0.1:${port}`] } },
    }),
  'tools hosts.[].host': () =>
    refused('/v1/tools/http-request', { hosts: [{ host: `127.0.0.1:${port}` }] }, 'PUT'),
  'kb url': async () => {
    const node = await make(`/v1/kb/pages?workspace_id=${of.workspace_id}`, { url: inside() });
    await saysRefused(`/v1/kb/nodes/${node.id}`);
  },
  'notifications target': async () => {
    const path = `/v1/workspaces/${of.workspace_id}/users`;
    const { id: user_id } = await make(path, { email: 'ada@example.com', role: 'editor' });
    const given = (target: string) => ({ user_id, channel: 'webhook', target });
    await refused('/v1/notifications/preferences', given(inside()));
    const made = await make('/v1/notifications/preferences', given('https://example.invalid/'));
    const moved = 'UPDATE notification_preferences SET target = $2 WHERE id = $1';
    await sql(moved, made.id, inside());
    await make(`/v1/notifications/preferences/${made.id}/test`, {});
    await saysRefused('/v1/notifications');
  },
  'channel url': () =>
    replies('webhook', { url: inside() }, { secret: `whsec_${btoa('k'.repeat(24))}` }),
  'channel api_url': () =>
    replies(
      'slack',
      { api_url: inside() },
      { signing_secret: 'x'.repeat(20), bot_token: 'xoxb-of-the-desk' },
    ),
  'channel smtp.host': () =>
    replies(
      'email',
      { from: 'desk@example.com', smtp: { host: '127.0.0.1', port, security: 'none' } },
      {},
    ),
};

/** Named like addresses; nothing connects to them. */
const goesNowhere = [
  // Where a person's browser is sent, on this server only.
  'mcp-servers redirect_url',
  // Kept and shown.
  'contacts image_url',
  'channel color_icon_url',
  'channel outline_icon_url',
  'channels color_icon_url',
  'channels outline_icon_url',
  // A data: URL.
  'chat messages.[].content.[].image_url',
  'chat messages.[].content.[].image_url.url',
];

function fieldsOf(schema: unknown, at: readonly string[] = []): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties, items, anyOf, oneOf, allOf } = schema as Record<string, unknown>;
  const inner = [anyOf, oneOf, allOf].flat().flatMap((one) => fieldsOf(one, at));
  const named = Object.entries(properties ?? {}).flatMap(([name, one]) => {
    const path = [...at, name];
    return [path.join('.'), ...fieldsOf(one, path)];
  });
  const listed =
    items === undefined ? [] : [[...at, '[]'].join('.'), ...fieldsOf(items, [...at, '[]'])];
  return [...inner, ...named, ...listed];
}

const isAddress = (field: string) =>
  /(?:^|[._])(?:url|uri|host|endpoint|target|allow\.\[\])$/.test(field);
const inSchema = (schema: z.ZodType) =>
  fieldsOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })).filter(isAddress);

describe('published holes of this field', () => {
  test('one caller that forgot the egress guard: every field that names an address is attacked here', () => {
    const fields = [
      ...apiRoutes().flatMap(({ route }) => {
        const [, , resource = ''] = route.path.split('/');
        return route.body === undefined
          ? []
          : inSchema(route.body).map((field) => `${resource} ${field}`);
      }),
      ...Object.values(adapters).flatMap(({ config }) =>
        inSchema(config).map((field) => `channel ${field}`),
      ),
    ];
    const known = [...Object.keys(attacks), ...goesNowhere];
    expect([...new Set(fields)].toSorted()).toEqual(known.toSorted());
  });

  test.each(Object.keys(attacks))(
    'one caller that forgot the egress guard: %s reaches nothing inside',
    async (field) => {
      await attacks[field]?.();
      expect([field, heard]).toEqual([field, 0]);
    },
  );

  test('the service would have heard a caller without the guard', async () => {
    await expect(fetch(inside())).rejects.toThrow();
    expect(heard).toBeGreaterThan(0);
  });
});
