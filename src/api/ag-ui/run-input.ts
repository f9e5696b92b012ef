import { z } from '@hono/zod-openapi';
import { readSaid, type Said, saidMessage } from '../said.ts';

/** What a client of AG-UI sends for a run. */
export const runInput = z.looseObject({
  threadId: z.string().min(1).max(200),
  runId: z.string().min(1).max(200),
  messages: z.array(saidMessage).max(1_000),
  tools: z
    .array(z.unknown())
    .refine((tools) => tools.length === 0, 'must be empty: the agent has its own tools')
    .nullish(),
  context: z
    .array(z.looseObject({ description: z.string().optional(), value: z.unknown() }))
    .max(100)
    .nullish(),
});

/** Throws `validation_error`. */
export function readInput({ messages, context }: z.output<typeof runInput>): Said {
  const told = (context ?? []).map(({ description = '', value }) => {
    return `${description}: ${typeof value === 'string' ? value : JSON.stringify(value)}`;
  });
  return readSaid(messages, told);
}
