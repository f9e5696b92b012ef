import { z } from '@hono/zod-openapi';
import { refuse } from '../core/validate.ts';

// What clients send for an answer: all the messages that they know, of which the last are new.

const part = z.looseObject({ type: z.string(), text: z.string().optional() });

export const saidMessage = z.looseObject({
  role: z.string(),
  content: z.union([z.string(), z.array(part)]).nullish(),
});

export interface Said {
  /** What was said before, the oldest first. */
  readonly history: readonly { readonly role: 'user' | 'assistant'; readonly text: string }[];
  /** What is to be answered: all that the person said last. */
  readonly body: string;
  /** For the agent, beside it. */
  readonly instructions: string | null;
}

/** `told`: what the agent is told besides. Throws `validation_error`, naming `messages`. */
export function readSaid(
  messages: readonly z.output<typeof saidMessage>[],
  told: readonly string[] = [],
): Said {
  const problems = new Map<string, string>();
  const instructions: string[] = [];
  const said: { role: 'user' | 'assistant'; text: string }[] = [];
  for (const [index, { role, content }] of messages.entries()) {
    const text = typeof content === 'string' ? content : textOf(content ?? []);
    if (text === null) problems.set(`messages[${index}].content`, 'can have text only');
    else if (role === 'system' || role === 'developer') instructions.push(text);
    // Calls of tools and their results are in the agent's own trace.
    else if (role === 'user') said.push({ role, text });
    else if (role === 'assistant' && text.trim() !== '') said.push({ role, text });
  }
  const last = said.findLastIndex(({ role }) => role === 'assistant') + 1;
  const body = said
    .slice(last)
    .map(({ text }) => text)
    .join('\n\n');
  if (body.trim() === '') problems.set('messages', 'must end with a message of the user');
  refuse(problems);
  const all = [...instructions, ...told].filter((text) => text.trim() !== '').join('\n\n');
  return { history: said.slice(0, last), body, instructions: all === '' ? null : all };
}

/** Null: there is more than text in it. */
function textOf(parts: readonly z.output<typeof part>[]): string | null {
  if (parts.some(({ type, text }) => type !== 'text' || text === undefined)) return null;
  return parts.map(({ text }) => text).join('\n\n');
}
