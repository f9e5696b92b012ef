import { expect, test } from 'vitest';
import type { Step } from '../api/types.ts';
import { alignSteps, isSame } from './align-steps.ts';
import { latencyOf } from './latency.ts';
import { usedSoFar } from './used-so-far.ts';

const at = (ms: number) => new Date(1_000_000 + ms).toISOString();

function step(
  given: Partial<Step> & { readonly from?: number; readonly to?: number | null },
): Step {
  const { from = 0, to = 0, ...fields } = given;
  return {
    type: 'tool',
    status: to === null ? 'running' : 'done',
    name: 'lookup',
    input: {},
    output: {},
    error: null,
    copied: false,
    duration_ms: null,
    started_at: at(from),
    completed_at: to === null ? null : at(to),
    ...fields,
  } as Step;
}

test('time is that of models, of tools that ran side by side once, and of what is left', () => {
  const steps = [
    step({ type: 'model', from: 100, to: 400 }),
    step({ from: 400, to: 700 }),
    step({ from: 450, to: 900 }),
    step({ from: 0, to: 90, copied: true }),
    step({ type: 'delay', from: 900, to: 950 }),
  ];
  expect(latencyOf(steps, [1_000_000, 1_001_000])).toEqual({
    model: 300,
    tool: 500,
    waiting: 50,
    overhead: 150,
    total: 1_000,
  });
});

test('guardrails are the model’s time, a person’s decision is waited for, the journal’s time is no tool’s', () => {
  const steps = [
    step({ from: 0, to: 100, duration_ms: 20 }),
    step({ type: 'approval', from: 100, to: 600, duration_ms: 500 }),
    step({ type: 'guardrail', from: 600, to: 700, duration_ms: 90 }),
  ];
  expect(latencyOf(steps, [1_000_000, 1_000_700])).toEqual({
    model: 90,
    tool: 20,
    waiting: 500,
    overhead: 90,
    total: 700,
  });
});

test('a step that goes on takes until now', () => {
  const steps = [step({ type: 'model', from: 100, to: null })];
  expect(latencyOf(steps, [1_000_000, 1_000_500]).model).toBe(400);
});

test('a run that goes on took what its own steps took so far', () => {
  const token_usage = { input: 100, output: 10 };
  expect(usedSoFar([])).toEqual({ cost: 0, used: null });
  const own = step({ type: 'model', cost: 0.25, token_usage });
  const steps = [own, own, step({ cost: null, token_usage: null }), { ...own, copied: true }];
  expect(usedSoFar(steps)).toEqual({ cost: 0.5, used: { input: 200, output: 20 } });
});

test('steps of one kind stand side by side, whatever one run did in between', () => {
  const [model, a, b] = [
    step({ type: 'model', name: 'one/model' }),
    step({ name: 'a' }),
    step({ name: 'b' }),
  ];
  const other = step({ type: 'model', name: 'another/model' });
  const names = alignSteps([model, a, model], [other, b, a, other]).map(({ left, right }) => [
    left?.name ?? null,
    right?.name ?? null,
  ]);
  expect(names).toEqual([
    ['one/model', 'another/model'],
    [null, 'b'],
    ['a', 'a'],
    ['one/model', 'another/model'],
  ]);
});

test('ids of calls make no difference, results do', () => {
  const answer = (id: string, text: string) =>
    step({ type: 'model', output: { text, tool_calls: [{ call_id: id, name: 'a' }] } });
  expect(isSame({ left: answer('1', 'x'), right: answer('2', 'x') })).toBe(true);
  expect(isSame({ left: answer('1', 'x'), right: answer('1', 'y') })).toBe(false);
  expect(isSame({ left: answer('1', 'x'), right: null })).toBe(false);
});
