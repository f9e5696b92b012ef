import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createInstantClock } from '../../test/support/instant-clock.ts';
import type { ModelMessage, ModelRequest } from '../core/model.ts';
import { createModelClient } from './client.ts';
import type { ScriptInput } from './script.ts';

const script: ScriptInput = {
  price: { input: 1, output: 2 },
  turns: [
    {
      expect: { tools: ['get-reservation'], contains: ['guest 42'] },
      answer: {
        text: 'Looking.',
        tool_calls: [{ name: 'get-reservation', arguments: { id: 7 } }],
        usage: { input_tokens: 1000, output_tokens: 500, cached_input_tokens: 200 },
      },
    },
    {
      expect: { results_of: ['get-reservation'], contains: ['Ada'] },
      answer: { text: 'Ada has room 7.' },
    },
  ],
};
const clock = createInstantClock();
const client = createModelClient({ scripts: { test: script }, clock });
const first: ModelRequest = {
  model: 'scripted/test',
  messages: [{ role: 'user', text: 'Where is guest 42?' }],
  tools: [{ name: 'get-reservation', description: '', inputSchema: { type: 'object' } }],
};
const answered: ModelMessage = {
  role: 'assistant',
  text: 'Looking.',
  toolCalls: [{ callId: 'c1', name: 'get-reservation', argumentsText: '{"id":7}' }],
};
const result: ModelMessage = {
  role: 'tool',
  callId: 'c1',
  name: 'get-reservation',
  text: '{"guest":"Ada"}',
  isError: false,
};
const second: ModelRequest = { ...first, messages: [...first.messages, answered, result] };

test('answers turn by turn, by the answers that the request holds and not by a memory of its own', async () => {
  const seen: string[] = [];
  // The second turn first, as after a restart.
  const last = await client.call({ ...second, onText: (delta) => seen.push(delta) });
  expect(last).toMatchObject({ text: 'Ada has room 7.', finishReason: 'stop', toolCalls: [] });
  expect(seen.join('')).toBe('Ada has room 7.');
  const begin = await client.call(first);
  expect(begin).toMatchObject({ text: 'Looking.', finishReason: 'tool_calls' });
  expect(begin.toolCalls).toEqual([
    { callId: 'script_1_1', name: 'get-reservation', argumentsText: '{"id":7}' },
  ]);
});

test("usage is what the script says, else estimated and marked so; the price is the script's", async () => {
  const begin = await client.call(first);
  expect(begin.usage).toMatchObject({
    inputTokens: 1000,
    outputTokens: 500,
    cachedInputTokens: 200,
  });
  expect(begin.usage.estimated).toBe(undefined);
  expect(begin.costUsd).toBeCloseTo(0.002, 10);
  const last = await client.call(second);
  expect(last.usage.estimated).toBe(true);
  expect(last.usage.outputTokens).toBe(Math.ceil('Ada has room 7.'.length / 4));
  const free = createModelClient({ scripts: { free: { turns: [{ answer: { text: 'x' } }] } } });
  expect((await free.call({ ...first, model: 'scripted/free' })).costUsd).toBe(null);
});

describe('an unexpected call fails with what differs', () => {
  test.each([
    [
      'a tool that is not offered',
      { ...first, tools: [] },
      /tools not offered: get-reservation; offered: \(none\)/,
    ],
    [
      'a text that is missing',
      { ...first, messages: [{ role: 'user' as const, text: 'Hello' }] },
      /no message contains "guest 42"; there are user: "Hello"/,
    ],
    [
      'results that did not come',
      { ...first, messages: [...first.messages, answered, { role: 'user' as const, text: 'Ada' }] },
      /expected results of: get-reservation; came: \(none\)/,
    ],
    [
      'a call beyond the end',
      { ...second, messages: [...second.messages, { ...answered, toolCalls: [] }] },
      /unexpected call 3; the script has 2 turns/,
    ],
  ])('%s', async (_, request, message) => {
    const call = client.call(request);
    await expect(call).rejects.toMatchObject({ name: 'ModelError', kind: 'script' });
    await expect(call).rejects.toThrow(message);
  });
});

test('names the turns that a run did not use', () => {
  expect(client.whyIncomplete(first)).toBe(
    'scripted/test: 2 of 2 turns of the script were not used: turn 1 (calls get-reservation), turn 2 (says "Ada has room 7.").',
  );
  expect(client.whyIncomplete(second)).toContain('1 of 2 turns');
  const whole = [...second.messages, { ...answered, text: 'Ada has room 7.', toolCalls: [] }];
  expect(client.whyIncomplete({ model: 'scripted/test', messages: whole })).toBe(null);
});

test('a turn can wait, fail, and write malformed arguments', async () => {
  const turns: ScriptInput['turns'] = [
    { answer: { delay_ms: 5000, tool_calls: [{ name: 'a', arguments: '{"x": ' }] } },
    { answer: { error: { kind: 'overloaded', message: 'down for the test' } } },
  ];
  const other = createModelClient({ scripts: { odd: { turns } }, clock });
  const answer = await other.call({ ...first, model: 'scripted/odd' });
  expect(answer.toolCalls[0]?.argumentsText).toBe('{"x": ');
  expect(clock.slept).toContain(5000);
  const failing = other.call({ ...second, model: 'scripted/odd' });
  await expect(failing).rejects.toMatchObject({ kind: 'overloaded' });
  const aborted = other.call({ ...first, model: 'scripted/odd', signal: AbortSignal.abort() });
  await expect(aborted).rejects.toMatchObject({ kind: 'aborted' });
});

describe('scripts in files', () => {
  let scriptsDir: string;
  beforeEach(() => {
    scriptsDir = mkdtempSync(join(tmpdir(), 'scripts-'));
  });
  afterEach(() => rmSync(scriptsDir, { recursive: true }));

  test('are found by name', async () => {
    writeFileSync(join(scriptsDir, 'demo.json'), JSON.stringify(script));
    const files = createModelClient({ scriptsDir });
    expect(files.whyUnusable('scripted/demo')).toBe(null);
    expect((await files.call({ ...first, model: 'scripted/demo' })).text).toBe('Looking.');
  });

  test('are read again when they changed', async () => {
    const files = createModelClient({ scriptsDir });
    const file = join(scriptsDir, 'demo.json');
    writeFileSync(file, '{"turns": [{"answer": {"text": "one"}}]}');
    expect((await files.call({ ...first, model: 'scripted/demo' })).text).toBe('one');
    writeFileSync(file, '{"turns": [{"answer": {"text": "another"}}]}');
    expect((await files.call({ ...first, model: 'scripted/demo' })).text).toBe('another');
  });

  test('that are missing, broken or out of bounds are told why', () => {
    const files = createModelClient({ scriptsDir });
    expect(files.whyUnusable('scripted/none')).toMatch(/none\.json is missing/);
    expect(files.whyUnusable('scripted/../etc/passwd')).toMatch(/letters, digits/);
    expect(createModelClient().whyUnusable('scripted/x')).toMatch(/no directory of scripts/);
    writeFileSync(join(scriptsDir, 'cut.json'), '{"turns": [');
    expect(files.whyUnusable('scripted/cut')).toMatch(/cut\.json is not JSON/);
    writeFileSync(join(scriptsDir, 'odd.json'), '{"turns": [{"answer": {"txt": "x"}}]}');
    expect(files.whyUnusable('scripted/odd')).toMatch(/turns\.0\.answer: .*txt/);
  });
});
