import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunView, StepView } from './api-types.ts';
import { columnsOf } from './columns.ts';
import { createTerminal } from './terminal.ts';
import { endLines, headLines, stepLines } from './trace.ts';
import { createTracePrinter } from './trace-printer.ts';

const screen = createTerminal(
  { write: () => undefined, isTTY: true, columns: 80 },
  { NO_COLOR: '1' },
);

const step = (change: Partial<StepView>): StepView => ({
  step_id: 'ar1:1',
  type: 'tool',
  status: 'done',
  name: 'get-reservation',
  input: { reservation_id: 'res_123' },
  output: null,
  error: null,
  logs: null,
  duration_ms: 41,
  token_usage: null,
  cost: null,
  attempts: 1,
  ...change,
});

const run = (change: Partial<RunView>): RunView => ({
  id: 'ar1',
  run_id: 'run_1',
  agent_id: 'ag1',
  status: 'completed',
  disposition: 'resolved',
  disposition_reason: 'reservation_confirmed',
  stop_reason: 'completed',
  error: null,
  response: 'Hello Ada, your stay is confirmed.',
  reflection: null,
  output: { resolution: 'Confirmed.' },
  model: 'scripted/reservations',
  duration_ms: 1_912,
  token_usage: { input: 3_287, output: 329 },
  total_cost: 0.0074,
  created_at: '2026-04-03T03:14:15.000Z',
  completed_at: '2026-04-03T03:14:17.000Z',
  ...change,
});

const model = step({
  type: 'model',
  name: 'scripted/reservations',
  input: null,
  duration_ms: 352,
  token_usage: { input: 842, output: 58 },
  cost: 0.0016,
  output: {
    text: 'I look the record up first.',
    reasoning: null,
    tool_calls: [{ name: 'get-reservation', arguments: '{}' }],
    nudge: null,
  },
});

describe('the trace', () => {
  test('is a tree with a branch a step', () => {
    const tool = step({
      output: { message: 'Reservation res_123 is confirmed.', rawData: { nights: 4 } },
      logs: 'looking up\n',
    });
    const head = {
      agent: 'Reservation desk',
      runId: 'run_1',
      trigger: 'webhook',
      payload: { value: { reservation_id: 'res_123' } },
    };
    const lines = [
      ...headLines(head, screen),
      ...stepLines(model, screen),
      ...stepLines(tool, screen),
      ...endLines(run({}), [model, tool], screen),
    ];
    expect(`\n${lines.join('\n')}\n`).toMatchInlineSnapshot(`
      "
      ● Reservation desk  webhook · run_1
      │  payload { "reservation_id": "res_123" }
      │
      ├─ model   scripted/reservations              842 → 58 tokens · $0.0016 · 352 ms
      │  says    I look the record up first.
      │  calls   get-reservation
      ├─ tool    get-reservation                                                 41 ms
      │  in      { "reservation_id": "res_123" }
      │  out     Reservation res_123 is confirmed.
      │          { "nights": 4 }
      │  logs    looking up
      │
      ╰─ ✔ resolved  reservation_confirmed
         response   Hello Ada, your stay is confirmed.
         output     { "resolution": "Confirmed." }

         1 model call · 1 tool call · 3,287 → 329 tokens · $0.0074 · 1.9 s
      "
    `);
  });

  test('shows what failed, with its error, and what the model was told', () => {
    const lines = [
      ...stepLines(step({ status: 'failed', error: 'There is no tool "x".', attempts: 2 }), screen),
      ...stepLines(
        { ...model, output: { text: 'ok', nudge: 'Call the tool `finish`.' }, cost: null },
        screen,
      ),
      ...endLines(
        run({
          status: 'failed',
          disposition: null,
          stop_reason: 'max_steps',
          error: 'The run reached its 3 steps.',
          response: null,
          output: null,
          total_cost: null,
        }),
        null,
        screen,
      ),
    ];
    expect(`\n${lines.join('\n')}\n`).toMatchInlineSnapshot(`
      "
      ├─ tool    get-reservation failed                             2 attempts · 41 ms
      │  in      { "reservation_id": "res_123" }
      │  error   There is no tool "x".
      ├─ model   scripted/reservations         842 → 58 tokens · cost unknown · 352 ms
      │  says    ok
      │  told    Call the tool \`finish\`.
      │
      ╰─ ✘ failed  max_steps
         error      The run reached its 3 steps.

         3,287 → 329 tokens · cost unknown · 1.9 s
      "
    `);
  });

  test('cuts what is too long to read and says by how much', () => {
    const lines = stepLines(step({ logs: 'line\n'.repeat(100) }), screen);
    expect(lines.length).toBeLessThan(20);
    expect(lines.at(-1)).toContain('… 89 more lines');
  });

  test('lets no control character of a model or a tool reach the terminal', () => {
    const evil = 'a\nb\u001b]0;title\u0007\u001b[2J\r\u202egnp.exe\u009b31m';
    const lines = [
      ...headLines(
        { agent: evil, runId: evil, trigger: evil, payload: { value: { [evil]: evil } } },
        screen,
      ),
      ...stepLines(
        {
          ...model,
          name: evil,
          output: {
            text: evil,
            reasoning: evil,
            tool_calls: [{ name: evil, arguments: '' }],
            nudge: evil,
          },
          error: evil,
        },
        screen,
      ),
      ...stepLines(
        step({
          status: evil,
          name: evil,
          input: { [evil]: [evil] },
          output: { message: evil, rawData: evil },
          logs: evil,
          error: evil,
        }),
        screen,
      ),
      ...endLines(
        run({
          disposition: evil,
          disposition_reason: evil,
          response: evil,
          reflection: evil,
          output: { [evil]: evil },
        }),
        [],
        screen,
      ),
      ...endLines(run({ status: 'failed', stop_reason: evil, error: evil }), [], screen),
    ];
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    expect(lines.join('\n')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(lines.join('\n')).toContain('\\x1b]0;title');
    for (const line of lines) expect(line).not.toMatch(/^[^│├╰● ]/);
  });

  test('stays within the width, whatever the steps hold', () => {
    const values = fc.jsonValue({ maxDepth: 3 });
    const text = fc.string({ unit: 'grapheme', maxLength: 150 });
    fc.assert(
      fc.property(values, text, fc.integer({ min: 60, max: 110 }), (value, words, columns) => {
        const narrow = createTerminal(
          { write: () => undefined, isTTY: true, columns },
          { NO_COLOR: '1' },
        );
        const lines = [
          ...stepLines(
            step({ input: words, output: { message: words }, logs: words, error: words }),
            narrow,
          ),
          ...stepLines({ ...model, name: words }, narrow),
          ...endLines(run({ response: words, reflection: words }), [], narrow),
          ...stepLines(step({ output: value }), narrow),
        ];
        for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
      }),
    );
  });
});

describe('the printer', () => {
  function printed(isTTY: boolean, env: Record<string, string> = {}): { text: string } {
    const result = { text: '' };
    const write = (text: string) => {
      result.text += text;
    };
    const printer = createTracePrinter(createTerminal({ write, isTTY, columns: 80 }, env));
    printer.head({ agent: 'Desk', runId: 'run_1', trigger: null, payload: null });
    printer.step(step({ status: 'running' }));
    printer.step(step({ output: { message: 'found' } }));
    printer.step(step({ output: { message: 'found' } }));
    printer.end(run({}));
    return result;
  }

  test('prints each step once, when it has ended', () => {
    const { text } = printed(false);
    expect(text.match(/get-reservation/g)).toHaveLength(1);
    expect(text).toBe(stripVTControlCharacters(text));
  });

  test('says on a terminal what is waited for, and takes it back', () => {
    const { text } = printed(true, { NO_COLOR: '1' });
    expect(text).toContain('├─ … get-reservation is running\r\u001b[2K');
    expect(text).not.toContain('\u001b[3');
  });

  test('has colours on a terminal, none with NO_COLOR or on a dumb one', () => {
    const cyan = '\u001b[35m';
    expect(printed(true).text).toContain(cyan);
    expect(printed(true, { NO_COLOR: '1' }).text).not.toContain(cyan);
    expect(printed(true, { TERM: 'dumb' }).text).toBe(
      stripVTControlCharacters(printed(true, { TERM: 'dumb' }).text),
    );
  });
});
