import { z } from 'zod';
import { agentMaxima } from '../agents/agent-input.ts';
import { dispositions } from '../core/disposition.ts';
import { whyNotPattern } from './pattern.ts';

// What may be written of a case. Unknown fields inside `tools` and `expect` are refused: they would silently
// check nothing.

export const testMaxima = {
  messages: 200,
  messageLength: 20_000,
  results: 200,
  expectations: 100,
  patternLength: 1_000,
  repeat: 100,
  /** Cases × variants × repeats of one test run. */
  resultsOfRun: 1_000,
  variants: 10,
  concurrency: 20,
  costUsd: 10_000,
} as const;

const toolName = z.string().min(1).max(200);
const jsonObject = z.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
);
const text = z.string().min(1).max(20_000);
const pattern = z
  .string()
  .min(1)
  .max(testMaxima.patternLength)
  .superRefine((value, context) => {
    const problem = whyNotPattern(value);
    if (problem !== null) {
      context.addIssue({ code: 'custom', message: `must be a regular expression: ${problem}` });
    }
  });

const scriptedResult = z
  .strictObject({
    tool: toolName,
    arguments: jsonObject.optional(),
    result: z.unknown().optional(),
    error: text.optional(),
    times: z.number().int().min(1).max(1_000).optional(),
  })
  .refine(({ result, error }) => result === undefined || error === undefined, {
    path: ['error'],
    error: 'goes only without "result"',
  });

const expectedCall = z.strictObject({
  tool: toolName,
  arguments: jsonObject.optional(),
  times: z.number().int().min(1).max(1_000).optional(),
});

const expectedValue = z
  .strictObject({
    path: z
      .string()
      .max(500)
      .regex(/^(?:\/.*)?$/s, 'must be a JSON pointer such as /resolution, or empty'),
    equals: z.unknown().optional(),
    matches: pattern.optional(),
    exists: z.boolean().optional(),
  })
  .superRefine(exactlyOne(['equals', 'matches', 'exists']));

const expectedText = z
  .strictObject({
    equals: z.string().max(20_000).optional(),
    contains: text.optional(),
    not_contains: text.optional(),
    matches: pattern.optional(),
    not_matches: pattern.optional(),
    judge: text.optional(),
  })
  .superRefine(
    exactlyOne(['equals', 'contains', 'not_contains', 'matches', 'not_matches', 'judge']),
  );

const few = testMaxima.expectations;
const disposition = z.enum(dispositions);

const expectations = z
  .strictObject({
    status: z.enum(['completed', 'failed']),
    disposition: z
      .union([disposition, z.array(disposition).min(1).max(dispositions.length)])
      .transform((given) => (typeof given === 'string' ? [given] : given)),
    output: z.array(expectedValue).max(few),
    tools_called: z.array(expectedCall).max(few),
    tools_not_called: z.array(expectedCall.omit({ times: true })).max(few),
    tools_in_order: z.array(toolName).max(few),
    max_cost_usd: z.number().min(0).max(testMaxima.costUsd),
    max_tool_calls: z.number().int().min(0).max(10_000),
    text: z.array(expectedText).max(few),
  })
  .partial();

const tools = z.strictObject({
  others: z.enum(['refuse', 'real']).default('refuse'),
  results: z.array(scriptedResult).max(testMaxima.results).default([]),
});

const message = z.strictObject({
  from: z.enum(['contact', 'agent']),
  text: z.string().min(1).max(testMaxima.messageLength),
});

/** What a patch may hold. */
export const testCaseFields = z
  .object({
    name: z.string().min(1).max(agentMaxima.nameLength).regex(/\S/, 'must not be blank'),
    description: z.string().max(agentMaxima.descriptionLength),
    payload: z.unknown(),
    conversation: z.array(message).min(1).max(testMaxima.messages).nullable(),
    entity_id: z.string().min(1).max(500).nullable(),
    additional_instructions: z.string().min(1).max(100_000).nullable(),
    tools,
    expect: expectations,
    repeat: z.number().int().min(1).max(testMaxima.repeat),
    min_pass_rate: z.number().gt(0).max(1),
  })
  .partial();

/** The body of a create: of an agent, or from one of its runs. */
export const testCaseInput = testCaseFields.extend({
  agent_id: z.string().optional(),
  from_run_id: z.string().optional(),
});

export type TestCaseFields = z.output<typeof testCaseFields>;

const model = z
  .string()
  .max(200)
  .regex(/^[a-z0-9][a-z0-9_-]*\/\S+$/, 'must look like provider/model, e.g. openai/gpt-5');

export const testRunInput = z.object({
  agent_id: z.string(),
  case_ids: z.array(z.string()).min(1).max(testMaxima.resultsOfRun).optional(),
  variants: z
    .array(
      z.strictObject({
        version: z.number().int().min(1).max(2_147_483_647).optional(),
        model: model.optional(),
      }),
    )
    .min(1)
    .max(testMaxima.variants)
    .optional(),
  repeat: z.number().int().min(1).max(testMaxima.repeat).optional(),
  max_cost_usd: z.number().positive().max(testMaxima.costUsd).optional(),
  judge_model: model.optional(),
  concurrency: z.number().int().min(1).max(testMaxima.concurrency).default(4),
});

export type TestRunInput = z.output<typeof testRunInput>;

function exactlyOne(names: readonly string[]) {
  return (value: Readonly<Record<string, unknown>>, context: z.core.$RefinementCtx) => {
    const given = names.filter((name) => value[name] !== undefined);
    if (given.length === 1) return;
    context.addIssue({ code: 'custom', message: `must have exactly one of ${names.join(', ')}` });
  };
}
