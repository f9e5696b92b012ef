import { z } from '@hono/zod-openapi';
import { uploadLimits } from '../../chat/uploads.ts';
import type { GivenFile } from '../../core/attachment.ts';
import { imageTypeOf } from '../../core/image.ts';
import { refuse } from '../../core/validate.ts';

// The body of a chat completion, as far as it means something here. What only tunes a model (temperature and the like)
// is the agent's own business and ignored; what would change the answer's form is refused.

const textPart = z.object({ type: z.literal('text'), text: z.string() });
const imagePart = z.object({
  type: z.literal('image_url'),
  image_url: z.object({
    url: z
      .string()
      .regex(/^data:image\/[a-z]+;base64,[A-Za-z0-9+/]+={0,2}$/, 'must be a data: URL in base64'),
  }),
});
const content = z.union(
  [z.string(), z.array(z.discriminatedUnion('type', [textPart, imagePart])).min(1)],
  { error: 'must be a string, or a list of parts: text, and image_url with a data: URL' },
);

const message = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content: content.nullable().optional(),
});

export const completionRequest = z.object({
  model: z.string().min(1).max(300),
  messages: z.array(message).min(1).max(1_000),
  stream: z.boolean().nullable().optional(),
  stream_options: z.object({ include_usage: z.boolean().optional() }).nullable().optional(),
  n: z.literal(1, { error: 'must be 1: there is one answer' }).nullable().optional(),
  metadata: z.record(z.string(), z.string()).nullable().optional(),
  user: z.string().max(255).nullable().optional(),
  safety_identifier: z.string().max(255).nullable().optional(),
  tools: empty('the agent has its own tools'),
  functions: empty('the agent has its own tools'),
  response_format: z
    .object({ type: z.literal('text', { error: 'must be text' }) })
    .nullable()
    .optional(),
  logprobs: z.literal(false, { error: 'cannot be given' }).nullable().optional(),
  modalities: z
    .array(z.literal('text', { error: 'can be text only' }))
    .nullable()
    .optional(),
});

export type CompletionRequest = z.output<typeof completionRequest>;

function empty(why: string) {
  return z.array(z.unknown()).max(0, `must be empty: ${why}`).nullable().optional();
}

export interface ReadCompletion {
  /** What the agent is told beside the conversation. */
  readonly instructions: string | null;
  /** What was said before, the oldest first. */
  readonly history: readonly { readonly role: 'user' | 'assistant'; readonly text: string }[];
  /** What is to be answered: all that the person said last. */
  readonly body: string;
  /** Pictures of it. */
  readonly files: readonly GivenFile[];
}

const longestBody = 100_000;

/** Throws `validation_error`. */
export function readMessages({ messages }: Pick<CompletionRequest, 'messages'>): ReadCompletion {
  const problems = new Map<string, string>();
  const instructions: string[] = [];
  const said: { role: 'user' | 'assistant'; text: string }[] = [];
  for (const [index, { role, content: given }] of messages.entries()) {
    const text = textOf(given);
    if (role === 'system' || role === 'developer') instructions.push(text);
    // What an agent's tools returned is in its own trace.
    else if (role === 'user') said.push({ role, text });
    else if (role === 'assistant' && text.trim() !== '') said.push({ role, text });
    if (text.length > longestBody) {
      problems.set(`messages.${index}.content`, `can have ${longestBody} characters`);
    }
  }
  const last = said.findLastIndex(({ role }) => role === 'assistant') + 1;
  const body = said
    .slice(last)
    .map(({ text }) => text)
    .join('\n\n');
  const files = picturesOf(messages, problems);
  if (body.trim() === '' && files.length === 0)
    problems.set('messages', 'must end with a message of the user');
  else if (body.length > longestBody) {
    problems.set('messages', `can end with ${longestBody} characters of the user`);
  }
  refuse(problems);
  const told = instructions.filter((text) => text.trim() !== '').join('\n\n');
  return { instructions: told === '' ? null : told, history: said.slice(0, last), body, files };
}

/** Pictures of the messages that are to be answered. */
function picturesOf(
  messages: CompletionRequest['messages'],
  problems: Map<string, string>,
): GivenFile[] {
  const from = messages.findLastIndex(({ role }) => role === 'assistant') + 1;
  const files: GivenFile[] = [];
  for (const [index, { role, content: given }] of messages.entries()) {
    if (index < from || role !== 'user' || !Array.isArray(given)) continue;
    for (const part of given) {
      if (part.type !== 'image_url') continue;
      const { url } = part.image_url;
      const bytes = Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
      const mediaType = imageTypeOf(bytes);
      const at = `messages.${index}.content`;
      if (mediaType === null) problems.set(at, 'has an image that is no PNG, JPEG, GIF or WebP');
      if (bytes.byteLength > uploadLimits.maxBytes) problems.set(at, 'has an image over 5 MiB');
      files.push({ name: `image-${files.length + 1}`, mediaType, bytes });
    }
  }
  const { perMessage } = uploadLimits;
  if (files.length > perMessage) problems.set('messages', `can end with ${perMessage} images`);
  return files;
}

function textOf(given: CompletionRequest['messages'][number]['content']): string {
  if (given === null || given === undefined) return '';
  return typeof given === 'string'
    ? given
    : given.flatMap((part) => (part.type === 'text' ? part.text : [])).join('\n\n');
}
