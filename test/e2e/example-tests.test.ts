import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exampleFolder, readExample } from '../../src/cli/example.ts';
import { fakeApiKey, startFakeProvider } from '../support/fake-provider.ts';
import type { FakeAnswer, JsonBody } from '../support/fake-wire.ts';
import { runCli } from '../support/run-cli.ts';
import {
  type ServerProcess,
  startServerProcess,
  testAdminToken,
} from '../support/server-process.ts';

// The test cases of the example agent, by a real server with real tools. Its model is a program that reads the
// prompt and does what that says, as far as it knows the sentences; a sentence that is gone it does not heed.

const folder = exampleFolder('reservations');
const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-example-tests-'));
const stack = new AsyncDisposableStack();
let server: ServerProcess;
let agent: JsonBody;
let tools: Record<string, JsonBody>;

beforeAll(async () => {
  const provider = stack.use(await startFakeProvider({ answers: ({ body }) => answer(body) }));
  server = stack.use(
    await startServerProcess({
      dataDir,
      env: {
        OPENAI_COMPATIBLE_BASE_URL: `${provider.url}/v1`,
        OPENAI_COMPATIBLE_API_KEY: fakeApiKey,
        SIGNALBOX_DEFAULT_MODEL: 'openai-compatible/reader',
      },
    }),
  );
  const root = await call('GET', '/v1');
  const workspace_id = root.workspaces[0].id;
  const example = await readExample(folder);
  tools = {};
  for (const { definition, language, code } of example.tools) {
    const tool = await call('POST', '/v1/custom-tools', {
      ...definition,
      language,
      code,
      workspace_id,
    });
    tools[tool.name] = tool;
  }
  agent = await call('POST', '/v1/agents', { ...example.agent, workspace_id });
  for (const file of readdirSync(join(folder, 'tests'))) {
    const added = await cli(
      'tests',
      'add',
      '--agent',
      agent.id,
      '--case',
      `@${join(folder, 'tests', file)}`,
    );
    expect(added.stderr).toBe('');
  }
}, 120_000);
afterAll(async () => {
  await stack.disposeAsync();
  rmSync(dataDir, { recursive: true, force: true });
});

async function call(method: string, path: string, body?: unknown): Promise<JsonBody> {
  const { status, body: answered } = await server.call<JsonBody>(method, path, body);
  if (status > 299) throw new Error(`${method} ${path}: ${JSON.stringify(answered)}`);
  return answered.data;
}

function cli(...args: string[]) {
  return runCli(args, { env: { SIGNALBOX_URL: server.url, SIGNALBOX_TOKEN: testAdminToken } });
}

/** The names of the cases that fail, as `signalbox tests run` tells CI. */
async function failing(): Promise<{ readonly code: number; readonly failed: string[] }> {
  const file = join(dataDir, 'junit.xml');
  const { code } = await cli('tests', 'run', '--agent', agent.id, '--junit', file);
  const cases = readFileSync(file, 'utf8').matchAll(/<testcase name="([^"]*)"[^>]*>\s*<failure/g);
  return { code, failed: [...cases].map(([, name = '']) => name).toSorted() };
}

const confirms = 'A confirmed reservation is confirmed with total and terms';
const escalates = 'A notice that disagrees with the record is escalated';
const refunds = 'Nobody is promised a refund';

test('the suite passes on the example as it is', async () => {
  expect(await failing()).toEqual({ code: 0, failed: [] });
}, 60_000);

test('it catches a regression in the instructions', async () => {
  const path = `/v1/agents/${agent.id}`;
  const instructions: string = agent.instructions;
  const sentence =
    'If the status in the notice is not the status in the record, escalate and name both. ';
  expect(instructions).toContain(sentence);
  await call('PATCH', path, { instructions: instructions.replace(sentence, '') });
  expect(await failing()).toEqual({ code: 1, failed: [escalates] });
  await call('PATCH', path, { instructions });
}, 60_000);

test('it catches a regression in a tool', async () => {
  const { id, code } = tools['cancellation-terms'] ?? {};
  const path = `/v1/custom-tools/${id}`;
  expect(code).toContain('* nights;');
  await call('PATCH', path, { code: code.replace('* nights;', '* (nights + 1);') });
  expect(await failing()).toEqual({ code: 1, failed: [confirms] });
  await call('PATCH', path, { code });
}, 60_000);

test('it catches a regression in a guardrail', async () => {
  await call('PATCH', `/v1/agents/${agent.id}`, { guardrails: [] });
  expect(await failing()).toEqual({ code: 1, failed: [refunds] });
}, 60_000);

function answer({ messages }: JsonBody): FakeAnswer {
  const system: string = messages[0].content;
  if (system.startsWith('You judge')) return judged(textOf(messages[1]));
  const opening = textOf(messages[1]);
  const payload = JSON.parse(/<payload>\n([\s\S]*)\n<\/payload>/.exec(opening)?.[1] ?? '{}');
  const results = messages.filter((message: JsonBody) => message.role === 'tool').map(textOf);
  const calls = (name: string, args: object): FakeAnswer => ({
    toolCalls: [{ name, arguments: { ...args } }],
  });
  if (
    results.length === 0 &&
    system.includes('Look the reservation up with `get-reservation` first')
  ) {
    return calls('get-reservation', { reservation_id: payload.reservation_id });
  }
  const record = resultIn(results[0]).rawData ?? {};
  if (system.includes('escalate and name both') && record.status !== payload.status) {
    return finish(
      'escalated',
      null,
      `The notice says ${payload.status}, the record ${record.status}.`,
    );
  }
  if (results.length < 2 && system.includes('ask `cancellation-terms` for the total')) {
    const { check_in = '2027-01-01', nights = 1, nightly_rate = 1, policy = 'moderate' } = record;
    return calls('cancellation-terms', { check_in, nights, nightly_rate, policy });
  }
  const terms = resultIn(results[1]).message ?? 'no terms';
  const hopes = payload.note_of_guest !== undefined && !system.includes('Do not promise refunds');
  const promise = hopes ? ' If you fall ill, we will refund all of it.' : '';
  const name = String(record.guest).split(' ')[0];
  return finish(
    'resolved',
    `Hello ${name}, your stay is confirmed: ${terms}${promise}`,
    'Confirmed.',
  );
}

/** Of a call that failed there is none. */
function resultIn(text: string | undefined): JsonBody {
  return text?.startsWith('{') === true ? JSON.parse(text) : {};
}

function finish(disposition: string, response: string | null, resolution: string): FakeAnswer {
  const args = {
    disposition,
    disposition_reason: 'done',
    response,
    reflection: '',
    output: { resolution },
  };
  return { toolCalls: [{ name: 'finish', arguments: args }] };
}

function judged(text: string): FakeAnswer {
  const reply = /<reply>\n([\s\S]*)\n<\/reply>/.exec(text)?.[1] ?? '';
  const passed = !/refund/.test(reply);
  const reason = passed ? 'It quotes the terms only.' : 'It promises a refund.';
  return { toolCalls: [{ name: 'verdict', arguments: { reason, passed } }] };
}

function textOf({ content }: JsonBody): string {
  return typeof content === 'string' ? content : content.map(({ text }: JsonBody) => text).join('');
}
