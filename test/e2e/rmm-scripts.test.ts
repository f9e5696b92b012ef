import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newStandardSecret } from '../../src/core/standard-webhooks.ts';
import { startDnsServer } from '../support/dns-server.ts';
import { eventually } from '../support/engine-process.ts';
import { type RmmAdapters, rmmHost, startRmmAdapters } from '../support/rmm-adapters.ts';
import { createServerPlace, type ServerPlace } from '../support/server-place.ts';
import type { ServerProcess } from '../support/server-process.ts';
import { repositoryRoot } from '../support/source-tree.ts';

// Scripts on machines, by real servers and real adapters within a network of the operator's own: the server is
// killed while people are asked, and again while a machine works.

const secrets = { signing: newStandardSecret(), token: 'fleet-token-0123456789' };
const undo = new AsyncDisposableStack();
let adapters: RmmAdapters;
let place: ServerPlace;
let server: ServerProcess;
let workspaceId: string;

beforeAll(async () => {
  adapters = undo.use(await startRmmAdapters(secrets));
  const dns = undo.use(
    await startDnsServer((name, type) => (name === rmmHost && type === 'A' ? ['127.0.0.1'] : [])),
  );
  const directory = mkdtempSync(join(tmpdir(), 'signalbox-rmm-'));
  undo.defer(() => rmSync(directory, { recursive: true }));
  const authority = join(directory, 'authority.pem');
  writeFileSync(authority, adapters.certificate);
  place = undo.use(
    await createServerPlace(
      {
        answers: async ({ body, toolResults }) => {
          const [, script_id] = /Run the script (\w+)\./.exec(JSON.stringify(body)) ?? [];
          const input = { script_id, machine_id: 'pc1', arguments: { body: { script: 'wipe' } } };
          const response = JSON.stringify(body);
          return toolResults === 0
            ? { toolCalls: [{ name: 'run_script', arguments: input }] }
            : { toolCalls: [{ name: 'finish', arguments: { disposition: 'resolved', response } }] };
        },
      },
      {
        NODE_OPTIONS: `--import ${join(repositoryRoot, 'test', 'support', 'asked-dns-main.ts')}`,
        NODE_EXTRA_CA_CERTS: authority,
        TEST_DNS_SERVER: dns.address,
        SIGNALBOX_TOOL_PRIVATE_NETWORKS: '127.0.0.1',
      },
    ),
  );
  server = await place.start();
  const [workspace] = await call<readonly { id: string }[]>('GET', '/v1/workspaces');
  workspaceId = workspace?.id ?? '';
  await connect();
});
afterAll(() => undo[Symbol.asyncDispose]());

async function call<T>(method: string, path: string, body?: object): Promise<T> {
  const headers = { 'X-Workspace-Id': workspaceId };
  const answer = await server.call<{ data: T }>(method, path, body, headers);
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body.data;
}

const document = {
  openapi: '3.1.0',
  security: [{ signed: [] }],
  paths: {
    '/run': {
      post: {
        operationId: 'run',
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { type: 'object' } } },
        },
      },
    },
  },
  components: {
    securitySchemes: { signed: { type: 'apiKey', in: 'header', name: 'webhook-signature' } },
  },
};

/** As people of the workspace would: secrets, a webhook, an MCP server, scripts and a machine. */
async function connect(): Promise<void> {
  const workspace_id = workspaceId;
  const keep = (name: string, value: string) =>
    call('PUT', `/v1/secrets/${name}`, { workspace_id, value });
  await keep('RMM_KEY', secrets.signing);
  await keep('FLEET_TOKEN', secrets.token);
  const hook = {
    ...{ workspace_id, base_url: adapters.url, document: JSON.stringify(document) },
    credentials: { signed: { type: 'standard_webhooks', secret: 'RMM_KEY' } },
  };
  await call('POST', '/v1/openapi-tools', { ...hook, name: 'rmm' });
  await call('POST', '/v1/openapi-tools', { ...hook, name: 'slow', timeout_ms: 300 });
  const auth = { type: 'bearer', secret: 'FLEET_TOKEN' };
  const fleet = await call<{ id: string }>('POST', '/v1/mcp-servers', {
    ...{ workspace_id, name: 'fleet' },
    config: { transport: 'http', url: `${adapters.url}/mcp`, auth },
  });
  const read = await call<object>('POST', `/v1/mcp-servers/${fleet.id}/test`);
  expect(read).toMatchObject({ success: true, tools: [{ name: 'fleet__run_script' }] });
  const say = (kind: string, external_id: string, data: object) =>
    call('POST', `/v1/records/${kind}`, { workspace_id, records: [{ external_id, data }] });
  const byHook = (name: string, tool: string) => ({
    ...{ name, tool, machine_argument: 'body.machine', arguments: { body: { script: name } } },
  });
  await say('rmm-scripts', 'restart', byHook('restart', 'rmm__run'));
  await say('rmm-scripts', 'hang', byHook('hang', 'rmm__run'));
  await say('rmm-scripts', 'late', byHook('hang', 'slow__run'));
  await say('rmm-scripts', 'collect', {
    ...{ name: 'collect', tool: 'fleet__run_script', arguments: { script: 'disks', body: null } },
  });
  await say('psa-configuration', 'pc1', { name: 'PC 1' });
}

interface Asked {
  readonly path: string;
  readonly executionId: string;
  readonly approvalId: string;
}

/** A run that has asked for the script. */
async function ask(script: string): Promise<Asked> {
  const agent = await call<{ id: string }>('POST', '/v1/agents', {
    ...{ workspace_id: workspaceId, name: 'Keeper', description: 'Keeps machines.' },
    ...{ instructions: `Run the script ${script}.`, tools: ['run_script'] },
    triggers: [{ name: 'Hook', type: 'webhook', config: {} }],
  });
  const run = await call<{ id: string; run_id: string }>('POST', `/v1/agents/${agent.id}/run`);
  const of = `/v1/approvals?workspace_id=${workspaceId}&run_id=${run.run_id}&status=pending`;
  let pending: { readonly id: string } | undefined;
  await eventually(async () => {
    [pending] = await call<readonly { id: string }[]>('GET', of);
    return pending !== undefined;
  });
  const path = `/v1/agents/${agent.id}/runs/${run.id}`;
  return { path, executionId: run.run_id, approvalId: pending?.id ?? '' };
}

const decide = ({ approvalId }: Asked, action: 'approve' | 'reject') =>
  call('POST', `/v1/approvals/${approvalId}/decision`, { action, note: 'By a person.' });

interface Step {
  readonly type: string;
  readonly name: string | null;
  readonly status: string;
  readonly output: unknown;
}

/** What became of the call, and what the model was told of it. */
async function ended({ path }: Asked) {
  let run: { readonly status: string; readonly response: string } | undefined;
  await eventually(async () => {
    run = await call('GET', path);
    return run?.status === 'completed' || run?.status === 'failed';
  });
  const steps = await call<readonly Step[]>('GET', `${path}/steps`);
  const ofCall = steps.find(({ type, name }) => type === 'tool' && name === 'run_script');
  return { told: run?.response, step: ofCall };
}

const listed = async ({ executionId }: Asked) =>
  await call<readonly object[]>('GET', `/public-api/rmm-scripts?execution_id=${executionId}`);

test('scripts wait for people through a crash, run once, and are listed with what became of them', async () => {
  const [hook, mcp, late, hang, noHook, noMcp] = await Promise.all(
    ['restart', 'collect', 'late', 'hang', 'restart', 'collect'].map(ask),
  );
  if (!hook || !mcp || !late || !hang || !noHook || !noMcp) throw new Error('never');
  await server.killGroup();
  server = await place.start();
  expect(adapters.ran).toEqual([]);
  for (const asked of [hook, mcp, late]) expect(await listed(asked)).toEqual([]);

  for (const asked of [noHook, noMcp]) await decide(asked, 'reject');
  for (const asked of [noHook, noMcp]) {
    expect((await ended(asked)).told).toContain('By a person.');
    expect(await listed(asked)).toEqual([]);
  }
  expect(adapters.ran).toEqual([]);

  await decide(hook, 'approve');
  const byHook = await ended(hook);
  expect(byHook.step).toMatchObject({ status: 'done' });
  expect(JSON.stringify(byHook.step?.output)).toContain('spooler restarted');
  expect(byHook.told).toContain('spooler restarted');
  expect(adapters.ran).toEqual([
    { by: 'webhook', id: expect.any(String), body: { machine: 'pc1', script: 'restart' } },
  ]);
  const [execution] = await listed(hook);
  expect(execution).toMatchObject({
    ...{ script_id: 'restart', machine_id: 'pc1', tool_type_name: 'rmm__run', status: 'DONE' },
    ...{ input: { body: { machine: 'pc1', script: 'restart' } }, error: null },
    output: { rawData: { status: 200, body: { exit_code: 0, stdout: 'spooler restarted' } } },
    step_id: adapters.ran[0]?.id,
  });
  const asked = `/public-api/executions/${hook.executionId}/til-requests`;
  expect(await call('GET', asked)).toMatchObject([{ status: 'APPROVED', comment: 'By a person.' }]);

  await decide(mcp, 'approve');
  const byMcp = await ended(mcp);
  expect(byMcp.told).toContain('disks: 2 disks');
  expect(adapters.ran.slice(1)).toEqual([
    { by: 'mcp', id: null, body: { machine_id: 'pc1', script: 'disks' } },
  ]);
  expect(await listed(mcp)).toMatchObject([
    { script_id: 'collect', tool_type_name: 'fleet__run_script', status: 'DONE' },
  ]);

  await decide(late, 'approve');
  expect((await ended(late)).step).toMatchObject({ status: 'failed' });
  expect(await listed(late)).toMatchObject([
    { status: 'FAILED', output: null, error: expect.stringContaining('within 300 ms') },
  ]);

  await decide(hang, 'approve');
  await eventually(async () => adapters.ran.length === 4);
  expect(await listed(hang)).toMatchObject([{ status: 'RUNNING', completed_at: null }]);
  await server.killGroup();
  server = await place.start();
  expect((await ended(hang)).step).toMatchObject({ status: 'interrupted' });
  expect(await listed(hang)).toMatchObject([{ status: 'INTERRUPTED', output: null }]);
  expect(adapters.ran).toHaveLength(4);
  expect(adapters.refused).toEqual([]);
}, 240_000);
