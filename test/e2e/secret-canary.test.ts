import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiRoutes } from '../../src/api/app.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/engine-process.ts';
import { type FakeProvider, startFakeProvider } from '../support/fake-provider.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { wholeDatabase } from '../support/whole-database.ts';

// Secrets are planted wherever the product takes one, and used by tools, models and callers that give away all
// they can. Afterwards everything that the server has written, answered or shown is searched for them.

const canary = (name: string) => `canary-${name}-0123456789abcdef`;
const planted = {
  // Its own: the tests' other processes on the machine may have theirs in their arguments.
  admin: `capi_${canary('admin')}`,
  provider: canary('provider'),
  refusedProvider: canary('refused-provider'),
  secretKey: canary('installation-key'),
  formerKey: canary('former-installation-key'),
  databasePassword: canary('database-password'),
  toolSecret: canary('tool-secret'),
  hook: canary('hook'),
  guessedHook: canary('guessed-hook'),
  webhook: `whsec_${Buffer.from(canary('webhook')).toString('base64')}`,
  guessedToken: `capi_${canary('guessed-token')}`,
  metricsToken: canary('metrics-token'),
  telemetryHeader: canary('telemetry-header'),
} as const;

let dataDir: string;
let database: TestDatabase;
let model: FakeProvider;
let server: ServerProcess;
/** What goes out as telemetry, with the content of messages. */
let telemetry = '';
const collector = createServer((request, response) => {
  request.on('data', (chunk: Buffer) => {
    telemetry += chunk.toString('latin1');
  });
  request.on('end', () => response.setHeader('Content-Type', 'application/json').end('{}'));
});
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'signalbox-canary-'));
  database = await createTestDatabase();
  model = await startFakeProvider({
    apiKey: planted.provider,
    answers: ({ toolResults }) =>
      toolResults === 0
        ? {
            toolCalls: [
              { name: 'leak', arguments: {} },
              { name: 'leak', arguments: { fail: true } },
            ],
          }
        : { text: 'done' },
  });
  collector.listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const { port } = collector.address() as AddressInfo;
  const url = database.url.replace('@', `:${planted.databasePassword}@`);
  server = await startServerProcess({
    dataDir,
    env: {
      OPENAI_COMPATIBLE_BASE_URL: `${model.url}/v1`,
      OPENAI_COMPATIBLE_API_KEY: planted.provider,
      OPENAI_BASE_URL: `${model.url}/v1`,
      OPENAI_API_KEY: planted.refusedProvider,
      SIGNALBOX_DEFAULT_MODEL: 'openai-compatible/leaky',
      SIGNALBOX_ADMIN_TOKEN: planted.admin,
      SIGNALBOX_SECRET_KEY: planted.secretKey,
      SIGNALBOX_OLD_SECRET_KEYS: planted.formerKey,
      SIGNALBOX_LOG_LEVEL: 'debug',
      SIGNALBOX_METRICS_TOKEN: planted.metricsToken,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_HEADERS: `x-key=${planted.telemetryHeader}`,
      OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true',
      OTEL_BSP_SCHEDULE_DELAY: '100',
      DATABASE_URL: url,
    },
  });
}, 60_000);
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  collector.close();
  await model?.[Symbol.asyncDispose]();
  await database?.[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true, force: true });
});

interface Made {
  readonly data: { readonly id: string; readonly [name: string]: unknown };
}

async function make(path: string, body: object, method = 'POST'): Promise<Made['data']> {
  const answer = await server.call<Made>(method, path, body);
  if (answer.status > 202)
    throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body.data;
}

/** A tool that gives its secret away in every way it has. */
const leak = `
function forms(secret) {
  return [secret, btoa(secret), Buffer.from(secret).toString('base64url'), encodeURIComponent(secret)];
}
async function main({ fail }, context) {
  const secret = context.secrets.CANARY;
  for (const form of forms(secret)) console.log(form);
  if (fail) throw new Error('It failed with ' + secret);
  return { message: 'The secret is ' + secret, rawData: { forms: forms(secret), [secret]: true } };
}`;

async function ended(agent: string): Promise<string> {
  const { id } = await make(`/v1/agents/${agent}/run`, {});
  await eventually(async () => {
    const { body } = await server.call<Made>('GET', `/v1/agents/${agent}/runs/${id}`);
    return body.data.status === 'completed' || body.data.status === 'failed';
  }, 60_000);
  return id;
}

test('no planted secret is found in what the server writes, stores, shows or answers', async () => {
  const list = await server.call<{ data: Made['data'][] }>('GET', '/v1/workspaces');
  const workspace_id = list.body.data[0]?.id ?? '';
  const of = { workspace_id };
  await make(
    `/v1/secrets/CANARY?workspace_id=${workspace_id}`,
    { ...of, value: planted.toolSecret },
    'PUT',
  );
  const tool = await make('/v1/custom-tools', {
    ...of,
    ...{ name: 'leak', language: 'javascript', code: leak, secrets: ['CANARY'] },
    parameters: { fail: { type: 'boolean', required: false } },
  });
  const agent = await make('/v1/agents', {
    ...of,
    ...{ name: 'Leaky', description: 'Leaks.', instructions: 'Leak.', tools: ['leak'] },
    triggers: [
      { name: 'Hook', type: 'webhook', config: { verify: 'token', secret: planted.hook } },
    ],
  });
  const refused = await make('/v1/agents', {
    ...of,
    ...{
      name: 'Refused',
      description: 'Has a bad key.',
      instructions: 'Try.',
      model: 'openai/none',
    },
    triggers: [{ name: 'Hook', type: 'webhook', config: {} }],
  });
  const webhook = await make('/v1/webhooks', {
    ...of,
    ...{ url: 'https://example.invalid/hook', event_types: ['run.*'], secret: planted.webhook },
  });
  const mcpServer = await make('/v1/mcp-servers', {
    ...of,
    name: 'canary',
    config: { transport: 'http', url: 'https://mcp.invalid/mcp' },
  });
  const run = await ended(agent.id);
  const failed = await ended(refused.id);
  expect(model.requests.some(({ toolResults }) => toolResults > 0)).toBe(true);

  const answers: string[] = [];
  const ask = async (path: string, init: RequestInit) => {
    const response = await fetch(server.url + path, {
      ...init,
      signal: AbortSignal.timeout(20_000),
    });
    answers.push(`${path} ${response.status} ${await response.text()}`);
    for (const [name, value] of response.headers) answers.push(`${name}: ${value}`);
  };
  const hook = new URL(
    (agent.triggers as { config: { url: string } }[])[0]?.config.url ?? '',
    server.url,
  );
  for (const secret of [planted.hook, planted.guessedHook]) {
    await ask(hook.pathname, {
      method: 'POST',
      body: '{}',
      headers: { Authorization: `Bearer ${secret}` },
    });
  }
  for (const path of ['/v1/agents', '/public-api/agents', '/v1/secrets/CANARY']) {
    await ask(path, { headers: { Authorization: `Bearer ${planted.guessedToken}` } });
    await ask(`${path}?workspace_id=%00`, { headers: { Authorization: `Basic ${planted.admin}` } });
  }
  // Refusals of bodies that hold a secret in the wrong place.
  for (const body of [
    { value: [planted.toolSecret] },
    { value: planted.toolSecret, workspace_id: 1 },
  ]) {
    await ask('/v1/secrets/CANARY', { ...asAdmin, method: 'PUT', body: JSON.stringify(body) });
  }
  const ids = {
    agent: agent.id,
    run,
    failed,
    tool: tool.id,
    webhook: webhook.id,
    mcpServer: mcpServer.id,
  };
  for (const path of readablePaths(ids, workspace_id)) await ask(path, asAdmin);
  const metrics = { headers: { Authorization: `Bearer ${planted.metricsToken}` } };
  await ask('/metrics', metrics);
  expect(answers.join('\n')).toContain('/metrics 200');
  const backup = await fetch(`${server.url}/v1/backup`, asAdmin);
  const dump = gunzipSync(Buffer.from(await backup.arrayBuffer())).toString('latin1');
  expect(dump).toContain('[secret CANARY]');
  await eventually(() => telemetry.includes('[secret CANARY]'));
  expect(answers.join('\n')).toContain('It failed with [secret CANARY]');
  expect(answers.join('\n')).toContain('Incorrect API key');

  const found = [
    ...searched('an answer', answers.join('\n')),
    ...searched('the log', server.output()),
    ...searched('the database', await wholeDatabase(database.db)),
    ...searched('a backup', dump),
    ...searched('telemetry', telemetry),
    ...searched('the process list', processList()),
    ...searched('the data directory', filesBelow(dataDir)),
  ];
  expect(found).toEqual([]);
}, 120_000);

const asAdmin = {
  headers: { Authorization: `Bearer ${planted.admin}`, 'Content-Type': 'application/json' },
};

/** Every route that shows something, on every object that was made. */
function readablePaths(ids: Readonly<Record<string, string>>, workspaceId: string): string[] {
  const kinds: Readonly<Record<string, readonly (string | undefined)[]>> = {
    agents: [ids.agent],
    runs: [ids.run, ids.failed],
    executions: [ids.run, ids.failed],
    'custom-tools': [ids.tool],
    webhooks: [ids.webhook],
    'mcp-servers': [ids.mcpServer],
    workspaces: [workspaceId],
    secrets: ['CANARY'],
    versions: ['1'],
  };
  const paths = apiRoutes()
    .filter(({ route }) => route.method === 'get')
    .flatMap(({ route }) => {
      let filled = [route.path];
      for (const [part = '', segment = ''] of route.path.matchAll(/([a-z-]+)\/\{[a-z_]+\}/g)) {
        filled = filled.flatMap((path) =>
          (kinds[segment] ?? []).map((id) => path.replace(part, `${segment}/${id}`)),
        );
      }
      const query = new URLSearchParams({ workspace_id: workspaceId, ...route.queryExample });
      return filled.map((path) => `${path}?${query}`);
    });
  expect(paths.length).toBeGreaterThan(50);
  return [...paths, '/', '/readyz', '/no/such/page'];
}

/** Which secret is found in the text, in any form that a reader could turn back. */
function searched(where: string, text: string): string[] {
  return Object.entries(planted).flatMap(([name, secret]) =>
    [
      secret,
      Buffer.from(secret).toString('base64').replaceAll('=', ''),
      Buffer.from(secret).toString('hex'),
      encodeURIComponent(secret),
      [...secret].reverse().join(''),
    ].flatMap((form) => {
      const at = text.indexOf(form);
      return at === -1
        ? []
        : [`${name} in ${where}: …${text.slice(Math.max(0, at - 200), at + 80)}`];
    }),
  );
}

/** Arguments of every process, of other users too; environments are their users' own. */
function processList(): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    })
    .join('\n');
}

function filesBelow(directory: string): string {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}
