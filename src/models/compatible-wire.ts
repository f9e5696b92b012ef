import { isObject } from '../core/is-object.ts';
import type { Fetch } from './watched-fetch.ts';
import { withBody } from './watched-fetch.ts';

// Servers that call themselves OpenAI-compatible differ in the details. What the provider package
// would refuse is put right here: tool arguments sent as an object instead of as JSON text, and errors
// that are a plain string.

/** A fetch whose chat completions, streamed or not, have the form that OpenAI documents. */
export function normaliseCompatible(fetch: Fetch): Fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    const type = response.headers.get('content-type') ?? '';
    if (response.body === null) return response;
    if (type.includes('text/event-stream')) {
      const lines = response.body
        .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
        .pipeThrough(normaliseLines())
        .pipeThrough(new TextEncoderStream());
      return withBody(response, lines);
    }
    if (!type.includes('json')) return response;
    return withBody(response, normaliseJson(await response.text()));
  };
}

function normaliseLines(): TransformStream<string, string> {
  let rest = '';
  return new TransformStream({
    transform(chunk, controller) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) controller.enqueue(`${normaliseLine(line)}\n`);
    },
    flush(controller) {
      if (rest !== '') controller.enqueue(normaliseLine(rest));
    },
  });
}

function normaliseLine(line: string): string {
  const data = /^data:\s*(\{.*\})\s*$/.exec(line)?.[1];
  return data === undefined ? line : `data: ${normaliseJson(data)}`;
}

function normaliseJson(text: string): string {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return text;
  }
  if (!isObject(body)) return text;
  if (typeof body.error === 'string') return JSON.stringify({ error: { message: body.error } });
  if (!Array.isArray(body.choices)) return text;
  let changed = false;
  for (const choice of body.choices) {
    if (!isObject(choice)) continue;
    for (const message of [choice.message, choice.delta]) {
      if (isObject(message) && Array.isArray(message.tool_calls)) {
        for (const call of message.tool_calls) changed = putArgumentsRight(call) || changed;
      }
    }
  }
  return changed ? JSON.stringify(body) : text;
}

function putArgumentsRight(call: unknown): boolean {
  if (!isObject(call) || !isObject(call.function)) return false;
  const written = call.function.arguments;
  if (typeof written === 'string') return false;
  // A delta without arguments is a beginning; the rest follows.
  call.function.arguments =
    written === undefined || written === null ? '' : JSON.stringify(written);
  return true;
}
