import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cliAgainst } from '../../../test/support/run-cli.ts';
import { toJunit } from '../junit.ts';
import type { TestResultView } from '../test-views.ts';

const agentId = `ag${'1'.repeat(30)}`;
const rate = {
  runs: 2,
  runs_ended: 2,
  runs_passed: 1,
  pass_rate: 0.5,
  pass_rate_low: 0.09,
  pass_rate_high: 0.91,
  cost_usd: 0.02,
};
const result: TestResultView = {
  id: 'tl1',
  case_name: 'Tells <the> "state"',
  version: 3,
  model: null,
  repeat: 1,
  status: 'failed',
  run_id: 'ar1',
  reason: null,
  verdicts: [
    { kind: 'status', expected: 'the run is completed', passed: true, detail: null },
    {
      kind: 'text',
      expected: 'the response contains "a & b"',
      passed: false,
      detail: 'it is "\u0007c"',
    },
  ],
  started_at: '2026-01-01T00:00:00.000Z',
  completed_at: '2026-01-01T00:00:01.500Z',
};
const passed = { ...result, id: 'tl2', status: 'passed', repeat: 2, verdicts: [] };
const testRun = {
  id: 'tn1',
  agent_id: agentId,
  status: 'completed',
  passed: false,
  reason: null,
  variants: [{ version: 3, model: null, ...rate }],
  cases: [
    { case_id: 'tc1', name: 'Tells the state', min_pass_rate: 1, passed: false, variants: [rate] },
  ],
  ...rate,
};
const page = { next_cursor: null, has_more: false };
const routes = {
  'POST /v1/tests/runs': { data: { ...testRun, status: 'queued', passed: null } },
  'GET /v1/tests/runs/tn1': { data: testRun },
  'GET /v1/tests/runs/tn1/results?limit=100': { data: [result, passed], ...page },
  [`GET /v1/agents/${agentId}`]: { data: { id: agentId, name: 'Desk' } },
};

test('runs cases on versions by models, shows what was expected and what came, and fails', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-junit-'));
  const file = join(folder, 'junit.xml');
  const args = [
    'tests',
    'run',
    '--agent',
    agentId,
    '--version',
    '2',
    '3',
    '--model',
    'a/b',
    '--repeat',
    '2',
  ];
  const { code, stdout, stderr, seen } = await cliAgainst(routes, [...args, '--junit', file]);
  expect(code).toBe(1);
  expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
    agent_id: agentId,
    variants: [
      { version: 2, model: 'a/b' },
      { version: 3, model: 'a/b' },
    ],
    repeat: 2,
  });
  expect(stderr).toBe('tn1: 2 runs\n');
  expect(stdout).toContain('1/2 (9–91 %)');
  expect(stdout).toContain('expected the response contains "a & b"');
  expect(stdout).toContain('failed: 1 of 2 runs, 0.0200 USD');
  const xml = await readFile(file, 'utf8');
  await rm(folder, { recursive: true });
  expect(xml).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="Desk" tests="2" failures="1" errors="0" skipped="0" time="3.000"><testsuite name="Desk v3" tests="2" failures="1" errors="0" skipped="0" time="3.000"><testcase name="Tells &lt;the&gt; &quot;state&quot;" classname="Desk" time="1.500"><failure message="the response contains &quot;a &amp; b&quot;: it is &quot;\ufffdc&quot;">the response contains &quot;a &amp; b&quot;: it is &quot;\ufffdc&quot;</failure>
<system-out>run ar1</system-out></testcase>
<testcase name="Tells &lt;the&gt; &quot;state&quot; (2)" classname="Desk" time="1.500"><system-out>run ar1</system-out></testcase></testsuite></testsuites>
`);
});

test('JUnit XML holds nothing that XML cannot', () => {
  const xml = toJunit('\ud800 & <x>', [{ ...result, reason: '\u0000\uffff' }]);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  expect(xml).not.toMatch(/[\u0000-\u0008\u000b-\u001f\ud800-\udfff\ufffe\uffff]/);
});

test('lists cases and makes one of a run or of parts, keeping the digits of the payload', async () => {
  const testCase = {
    id: 'tc1',
    agent_id: agentId,
    name: 'N',
    revision: 1,
    repeat: 1,
    from_run_id: null,
  };
  const list = await cliAgainst({ 'GET /v1/tests': { data: [testCase], ...page } }, [
    'tests',
    'list',
  ]);
  expect(list.stdout).toMatch(/tc1 +ag1+ +1 +N/);
  const made = { 'POST /v1/tests': { data: testCase } };
  const args = [
    'tests',
    'add',
    '--from-run',
    'ar1',
    '--name',
    'N',
    '--payload',
    '{"id": 12345678901234567890}',
  ];
  const add = await cliAgainst(made, [...args, '--case', '{"repeat": 2}']);
  expect(add.seen[0]?.body).toBe(
    '{"repeat": 2, "name": "N", "from_run_id": "ar1", "payload": {"id": 12345678901234567890}}',
  );
  expect(add.stdout).toContain('tc1 N');
});
