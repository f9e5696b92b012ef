import { expect, test } from 'vitest';
import { z } from 'zod';
import { ApiError } from './errors.ts';
import { refusal, validate } from './validate.ts';

const schema = z.object({
  name: z.string().min(1).max(5),
  mode: z.enum(['autopilot', 'copilot']).optional(),
  delay: z.number().int().min(0).optional(),
  note: z.string().nullable().optional(),
  triggers: z
    .array(
      z.discriminatedUnion('type', [
        z.object({ type: z.literal('cron'), config: z.strictObject({ expression: z.string() }) }),
        z.object({ type: z.literal('webhook') }),
      ]),
    )
    .max(2)
    .optional(),
});

function problems(value: unknown): Record<string, string> | undefined {
  try {
    validate(schema, value);
  } catch (error) {
    if (error instanceof ApiError) return error.details;
  }
  return undefined;
}

test.each([
  [{}, { name: 'is required' }],
  [{ name: 7 }, { name: 'must be a string, not a number' }],
  [{ name: null }, { name: 'must be a string, not null' }],
  [{ name: '' }, { name: 'must not be empty' }],
  [{ name: 'abcdef' }, { name: 'must have at most 5 characters' }],
  [{ name: 'a', mode: 'on' }, { mode: 'must be one of "autopilot", "copilot"' }],
  [{ name: 'a', delay: -1 }, { delay: 'must be at least 0' }],
  [{ name: 'a', delay: 1.5 }, { delay: 'must be an integer, not a number' }],
  [{ name: 'a', note: [] }, { note: 'must be a string, not an array' }],
  [{ name: 'a', triggers: {} }, { triggers: 'must be an array, not an object' }],
  [
    { name: 'a', triggers: [{ type: 'webhook' }, { type: 'mail' }] },
    { 'triggers[1].type': 'must be one of "cron", "webhook"' },
  ],
  [
    { name: 'a', triggers: [{ type: 'cron', config: { expression: '* * * * *', extra: 1 } }] },
    { 'triggers[0].config': 'has unknown fields: extra; remove them' },
  ],
  [{ delay: '1' }, { name: 'is required', delay: 'must be a number, not a string' }],
])('names field, problem and what would be right for %j', (value, expected) => {
  expect(problems(value)).toEqual(expected);
});

test('the message lists the fields, and a value that fits comes back', () => {
  expect(() => validate(schema, { name: 1, delay: -1 })).toThrow(
    'Invalid request: name must be a string, not a number; delay must be at least 0.',
  );
  expect(validate(schema, { name: 'a', other: 1 })).toEqual({ name: 'a' });
});

test('a problem that is a sentence of its own does not end the message twice', () => {
  expect(refusal(new Map([['code', 'is not valid: line 1: Remove it.']])).message).toBe(
    'Invalid request: code is not valid: line 1: Remove it.',
  );
});
