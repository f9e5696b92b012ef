import { z } from '@hono/zod-openapi';
import { refuse } from '../../core/validate.ts';

// What a client of AG-UI sends for a run: the whole of its messages, of which the last are new.

const part = z.looseObject({ type: z.string(), text: z.string().optional() });

const message = z.looseObject({
  id: z.string(),
  role: z.string(),
  content: z.union([z.string(), z.array(part)]).nullish(),
});

export const runInput = z.looseObject({
  threadId: z.string().min(1).max(200),
  runId: z.string().min(1).max(200),
  messages: z.array(message).max(1_000),
  tools: z
    .array(z.unknown())
    .refine((tools) => tools.length === 0, 'must be empty: the agent has its own tools')
    .nullish(),
  context: z
    .array(z.looseObject({ description: z.string().optional(), value: z.unknown() }))
    .max(100)
    .nullish(),
});

export interface ReadInput {
  /** What was said before, the oldest first. */
  readonly history: readonly { readonly role: 'user' | 'assistant'; readonly text: string }[];
  /** What is to be answered: all that the person said last. */
  readonly body: string;
  /** What the page tells the agent beside it. */
  readonly instructions: string | null;
}

/** Throws `validation_error`. */
export function readInput({ messages, context }: z.output<typeof runInput>): ReadInput {
  const problems = new Map<string, string>();
  const told: string[] = [];
  const said: { role: 'user' | 'assistant'; text: string }[] = [];
  for (const [index, { role, content }] of messages.entries()) {
    const text = typeof content === 'string' ? content : textOf(content ?? []);
    if (text === null) problems.set(`messages[${index}].content`, 'can have text only');
    else if (role === 'system' || role === 'developer') told.push(text);
    // Calls of tools and their results are in the agent's own trace.
    else if (role === 'user') said.push({ role, text });
    else if (role === 'assistant' && text.trim() !== '') said.push({ role, text });
  }
  for (const { description = '', value } of context ?? []) {
    told.push(`${description}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  }
  const last = said.findLastIndex(({ role }) => role === 'assistant') + 1;
  const body = said
    .slice(last)
    .map(({ text }) => text)
    .join('\n\n');
  if (body.trim() === '') problems.set('messages', 'must end with a message of the user');
  refuse(problems);
  const instructions = told.filter((text) => text.trim() !== '').join('\n\n');
  return {
    history: said.slice(0, last),
    body,
    instructions: instructions === '' ? null : instructions,
  };
}

/** Null: there is more than text in it. */
function textOf(parts: readonly z.output<typeof part>[]): string | null {
  if (parts.some(({ type, text }) => type !== 'text' || text === undefined)) return null;
  return parts.map(({ text }) => text).join('\n\n');
}
