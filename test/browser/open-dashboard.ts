import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { createTestDatabase } from '../support/database.ts';
import {
  type FakeProvider,
  type FakeRequest,
  startFakeProvider,
} from '../support/fake-provider.ts';
import type { FakeAnswer } from '../support/fake-wire.ts';
import {
  type ServerProcess,
  startServerProcess,
  testAdminToken,
} from '../support/server-process.ts';
import { buildDashboard, openBrowser, type TestBrowser } from './open-browser.ts';

export interface TestDashboard extends AsyncDisposable {
  readonly browser: TestBrowser;
  readonly page: Page;
  readonly server: ServerProcess;
  readonly workspaceId: string;
  /** A provider of models, for those who have no key yet. */
  readonly provider: FakeProvider;
  /** Ends the server as an operator would. */
  stop(): Promise<void>;
  /** Starts it again at the same address. */
  start(): Promise<void>;
  signIn(): Promise<void>;
}

const usage = { input_tokens: 120, output_tokens: 30 };

function script(turns: readonly object[]) {
  return JSON.stringify({ price: { input: 1, output: 10 }, turns });
}

function finish(response: string, delayMs: number) {
  const call = {
    name: 'finish',
    arguments: { disposition: 'resolved', disposition_reason: 'done', response },
  };
  return { answer: { tool_calls: [call], usage, delay_ms: delayMs } };
}

function ask(text: string, delayMs: number) {
  const call = { name: 'order-status', arguments: { order_id: 'A-17' } };
  return { answer: { text, tool_calls: [call], usage, delay_ms: delayMs } };
}

export const hostileText =
  '# Done\n\n<img src="https://evil.test/a.png" onerror="window.hacked = true"><script>window.hacked = true</script>\n\n![chart](https://evil.test/b.png) [look](https://evil.test/c) [run](javascript:window.hacked=true)';

const scripts = {
  desk: script([ask('I look the order up.', 600), finish('Order A-17 is on its way.', 600)]),
  slow: script([ask('One moment.', 300), ask('Once more.', 5_000), finish('Done at last.', 300)]),
  // Asks the first agent that was made, which the tool is named by.
  head: script([
    {
      answer: {
        text: 'The order desk knows.',
        tool_calls: [{ name: 'agent_1_order_desk', arguments: { message: 'Where is A-17?' } }],
        usage,
      },
    },
    finish('It is on its way.', 0),
  ]),
  copilot: script([finish('Order A-17 left us this morning. It is with you by Friday.', 0)]),
  chatty: script([ask('I look it up for you.', 0), finish('Your order is on its way.', 1_500)]),
  gift: script([
    {
      answer: {
        text: '',
        tool_calls: [{ name: 'search_knowledge', arguments: { query: 'Do you sell gift cards?' } }],
        usage,
      },
    },
    finish('I do not know.', 0),
  ]),
  refund: script([
    {
      answer: {
        text: 'The order is lost: it is to be paid back.',
        tool_calls: [{ name: 'refund', arguments: { order_id: 'A-17' } }],
        usage,
      },
    },
    finish('The order was paid back.', 0),
  ]),
  // A field of the ticket, and whom it goes to, in one turn.
  dispatcher: script([
    {
      answer: {
        text: 'Nobody can print: that is urgent, and of the network.',
        tool_calls: [
          {
            name: 'propose_field_update',
            arguments: {
              ...{ kind: 'psa-ticket', entity_id: 'T-77', field: 'priority' },
              ...{ value: 'high', value_id: 'p1', justification: 'Nobody on the floor can print.' },
              options: [
                { id: 'p1', name: 'high', description: 'Work stands still.' },
                { id: 'p2', name: 'normal' },
              ],
            },
          },
          {
            name: 'propose_technician',
            arguments: {
              ...{ entity_id: 'T-77', technician_id: 't1', justification: 'Knows the network.' },
              candidates: [
                { technician_id: 't1', score: 90, reason: 'Network is his field.' },
                { technician_id: 't2', score: 40, reason: 'Free today.' },
              ],
            },
          },
        ],
        usage,
      },
    },
    finish('Proposed.', 0),
  ]),
  hostile: script([finish(hostileText, 0)]),
  report: script([
    { answer: { text: '', tool_calls: [{ name: 'order-report', arguments: {} }], usage } },
    finish('The report is kept.', 0),
  ]),
};

/** Asked with tools it looks the order up, then finishes; asked without, it says a word. */
function orderDesk({ body, toolResults }: FakeRequest): FakeAnswer {
  if (body.tools === undefined) return { text: 'ok' };
  if (toolResults === 0) {
    const call = { name: 'order-status', arguments: { order_id: 'A-17' } };
    return { text: 'I look the order up.', toolCalls: [call], delayMs: 600 };
  }
  const response = 'Order A-17 is on its way.';
  const end = { disposition: 'resolved', disposition_reason: 'done', response };
  return { toolCalls: [{ name: 'finish', arguments: end }], delayMs: 600 };
}

/** The real server with its dashboard, a database of its own, models that answer from scripts, and a page. */
export async function openDashboard(): Promise<TestDashboard> {
  await using undo = new AsyncDisposableStack();
  buildDashboard();
  const database = undo.use(await createTestDatabase());
  const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-dashboard-'));
  undo.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(scripts)) {
    writeFileSync(join(dataDir, `${name}.json`), text);
  }
  const provider = undo.use(await startFakeProvider({ answers: orderDesk }));
  const env = {
    DATABASE_URL: database.url,
    SIGNALBOX_SECRET_KEY: 'a secret key of a test, 32 and more',
    SIGNALBOX_SCRIPTS_DIR: dataDir,
    SIGNALBOX_DEFAULT_MODEL: 'scripted/desk',
    SIGNALBOX_MODEL_PRIVATE_NETWORKS: '127.0.0.0/8',
  };
  let server = await startServerProcess({ dataDir, env });
  undo.defer(async () => await server[Symbol.asyncDispose]());
  const browser = undo.use(await openBrowser(server.url));
  const page = await browser.context.newPage();
  const root = await server.call<{ data: { workspaces: { id: string }[] } }>('GET', '/v1');
  const owned = undo.move();
  return {
    browser,
    page,
    get server() {
      return server;
    },
    provider,
    workspaceId: root.body.data.workspaces[0]?.id ?? '',
    stop: async () => await server[Symbol.asyncDispose](),
    async start() {
      const { port } = new URL(server.url);
      server = await startServerProcess({ dataDir, env: { ...env, PORT: port } });
    },
    async signIn() {
      await page.goto('/');
      await page.getByLabel('Token').fill(testAdminToken);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

export const orderTool = `def main(order_id: str):
    print("looking up", order_id)
    return {"message": f"Order {order_id} is shipped", "rawData": {"order_id": order_id, "carrier": "DHL"}}
`;

/** A tool and an agent that calls it, made through the API; gives the agent's id. */
export async function makeAgent(
  { server, workspaceId }: TestDashboard,
  given: {
    readonly name: string;
    readonly model: string;
    readonly tools?: readonly string[];
    readonly triggers?: readonly object[];
  },
): Promise<string> {
  await server.call('POST', '/v1/custom-tools', {
    workspace_id: workspaceId,
    name: 'order-status',
    description: 'Says where an order is.',
    language: 'python',
    code: orderTool,
    parameters: { order_id: { type: 'string', required: true } },
  });
  const { body } = await server.call<{ data: { id: string } }>('POST', '/v1/agents', {
    workspace_id: workspaceId,
    description: 'Tells customers where their orders are.',
    instructions: 'Look the order up and answer.',
    tools: ['order-status'],
    guardrails: [{ title: 'No refunds', knowledge: 'Promise none.' }],
    output_schema: [{ name: 'note', type: 'string', is_required: false }],
    triggers: [
      { type: 'webhook', name: 'Order changed', config: {} },
      { type: 'cron', name: 'Mornings', config: { expression: '0 9 * * MON-FRI' } },
    ],
    ...given,
  });
  return body.data.id;
}

/** Dispatches the agent's webhook and gives the id of the run, ended or begun. */
export async function dispatch(
  { server }: TestDashboard,
  agentId: string,
  wait = 0,
): Promise<string> {
  const agent = await server.call<{ data: { triggers: { id: string; type: string }[] } }>(
    'GET',
    `/v1/agents/${agentId}`,
  );
  const trigger = agent.body.data.triggers.find(({ type }) => type === 'webhook');
  const { body } = await server.call<{ data: { id: string } }>(
    'POST',
    `/v1/agents/${agentId}/run?wait=${wait}`,
    { trigger_id: trigger?.id, payload: { order_id: 'A-17', status: 'late' } },
  );
  return body.data.id;
}

/** A fork of a run whose call of the tool answers something else; gives its id once it has ended. */
export async function forkWith(
  { server }: TestDashboard,
  given: { readonly agentId: string; readonly runId: string; readonly result: object },
): Promise<string> {
  const run = `/v1/agents/${given.agentId}/runs/${given.runId}`;
  const steps = await server.call<{ data: { type: string; step_id: string }[] }>(
    'GET',
    `${run}/steps`,
  );
  const id = steps.body.data.find(({ type }) => type === 'tool')?.step_id ?? '';
  const step = Number(id.slice(id.lastIndexOf(':') + 1));
  const { body } = await server.call<{ data: { id: string } }>('POST', `${run}/fork`, {
    from_step: step,
    tool_results: { [step]: given.result },
  });
  const { id: forkId } = body.data;
  const path = `/v1/agents/${given.agentId}/runs/${forkId}`;
  for (let status = ''; status !== 'completed'; await sleep(50)) {
    const answer = await server.call<{ data: { status: string } }>('GET', path);
    ({ status } = answer.body.data);
    if (status === 'failed') throw new Error('The fork failed.');
  }
  return forkId;
}

/** A case of a run, run once on two versions of its agent. */
export async function makeTests(
  { server, workspaceId }: TestDashboard,
  runId: string,
): Promise<{ readonly body: { readonly data: { readonly id: string } } }> {
  const made = await server.call<{ data: { agent_id: string } }>('POST', '/v1/tests', {
    workspace_id: workspaceId,
    name: 'An order that is late',
    from_run_id: runId,
  });
  const { agent_id } = made.body.data;
  return await server.call<{ data: { id: string } }>('POST', '/v1/tests/runs', {
    workspace_id: workspaceId,
    agent_id,
    variants: [{ version: 1 }, { version: 2 }],
  });
}

/** One of everything that the settings show. */
export async function makeSettings({
  server,
  workspaceId,
  provider,
}: TestDashboard): Promise<void> {
  const made: readonly (readonly [path: string, body: object])[] = [
    ['prices', { model: 'openai-compatible/desk-1', input: 0.5, output: 1.5, source: 'contract' }],
    [
      'models',
      {
        name: 'fast',
        provider: 'openai-compatible',
        model: 'desk-1',
        base_url: `${provider.url}/v1`,
        secret: 'SHOP_KEY',
      },
    ],
    ['channels', { type: 'webhook', name: 'Shop', config: { url: null } }],
    ['webhooks', { url: 'https://example.com/signalbox', event_types: ['run.failed'] }],
    [
      'alerts',
      { name: 'Runs fail', kind: 'failure_rate', settings: { window_minutes: 60, max_share: 0.2 } },
    ],
    ['budgets', { period: 'month', max_cost_usd: 20 }],
    [
      'mcp-servers',
      { name: 'github', config: { transport: 'http', url: 'https://mcp.example.com/mcp' } },
    ],
  ];
  for (const [path, body] of made) {
    const { status, body: answer } = await server.call('POST', `/v1/${path}`, {
      workspace_id: workspaceId,
      ...body,
    });
    if (status !== 201) throw new Error(`${path}: ${JSON.stringify(answer)}`);
  }
  const member = await server.call<{ data: { id: string } }>(
    'POST',
    `/v1/workspaces/${workspaceId}/users`,
    { email: 'ada@example.com', role: 'editor' },
  );
  await server.call('POST', '/v1/notifications/preferences', {
    workspace_id: workspaceId,
    user_id: member.body.data.id,
    channel: 'webhook',
    target: 'https://example.com/desk',
  });
}
