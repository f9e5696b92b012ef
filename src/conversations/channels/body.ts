import type { z } from 'zod';
import { ApiError } from '../../core/errors.ts';
import { parseJsonStrict } from '../../core/json.ts';

// Reading what strangers send to a channel.

const maxDepth = 64;
/** Characters of a message that are kept; what is longer is cut, and says so. */
const longestBody = 200_000;

export function decodeText(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (cause) {
    throw malformed('The body is not valid UTF-8.', cause);
  }
}

/** The body as JSON of the shape. Throws `malformed_request`, naming the field. */
export function readJson<T extends z.ZodType>(shape: T, text: string): z.output<T> {
  const parsed = parseJsonStrict(text, { maxDepth });
  if (!parsed.ok) throw malformed(`The body is not valid JSON: ${parsed.problem}.`);
  const read = shape.safeParse(JSON.parse(text));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw malformed(`${issue?.path.join('.') || 'The body'}: ${issue?.message ?? 'is not valid'}.`);
}

export function cutBody(body: string): string {
  if (body.length <= longestBody) return body;
  return `${body.slice(0, longestBody)}\n[cut: the message has ${body.length} characters]`;
}

export function malformed(message: string, cause?: unknown): ApiError {
  return new ApiError('malformed_request', message, { cause });
}

/** `Ada Lovelace` as first and last name. */
export function namesOf(name: string | null | undefined): {
  readonly firstName: string | null;
  readonly lastName: string | null;
} {
  const words = (name ?? '').trim().split(/\s+/).filter(Boolean);
  const cut = (text: string) => (text === '' ? null : text.slice(0, 200));
  return { firstName: cut(words[0] ?? ''), lastName: cut(words.slice(1).join(' ')) };
}
