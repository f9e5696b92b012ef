import { expect, test } from 'vitest';
import { ApiError } from '../core/errors.ts';
import { maxBodyBytes, readJsonBody } from './body.ts';

function request(
  body: string | Uint8Array | ReadableStream | null,
  headers: Record<string, string> = {},
): Request {
  const init = { method: 'POST', body, duplex: 'half' } as RequestInit;
  return new Request('http://x/', {
    ...init,
    headers: { 'Content-Type': 'application/json', ...headers },
  });
}

async function problemOf(given: Request): Promise<string> {
  const error = await readJsonBody(given).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ApiError);
  return `${(error as ApiError).problem}: ${(error as ApiError).message}`;
}

/** Chunks without a Content-Length, and how many of them were read. */
function chunks(count: number, sizeBytes: number) {
  const sent = { count: 0, cancelled: false };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (sent.count === count) return controller.close();
        sent.count++;
        controller.enqueue(new Uint8Array(sizeBytes).fill(0x20));
      },
      cancel() {
        sent.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, sent };
}

test('gives the object and its text as it was sent', async () => {
  const text = '{"a": 1.0, "payload": {"2":1,"1":2}}';
  expect(await readJsonBody(request(text))).toEqual({ text, value: JSON.parse(text) });
});

test('an empty body, with or without a type, is no body', async () => {
  for (const body of [null, '', ' \n']) {
    expect(await readJsonBody(request(body))).toEqual({ text: '', value: null });
  }
});

test('a body of exactly the limit is read', async () => {
  const text = `{"a":"${'x'.repeat(maxBodyBytes - 8)}"}`;
  expect((await readJsonBody(request(text))).text).toHaveLength(maxBodyBytes);
});

test('a body over the limit is refused by its Content-Length', async () => {
  const declared = request('{}', { 'Content-Length': String(maxBodyBytes + 1) });
  expect(await problemOf(declared)).toMatch(/^payload_too_large/);
});

test('an endless body without a Content-Length is read no further than the limit', async () => {
  const { stream, sent } = chunks(Number.POSITIVE_INFINITY, 65_536);
  expect(await problemOf(request(stream))).toMatch(/^payload_too_large/);
  expect(sent).toEqual({ count: 17, cancelled: true });
});

test.each([
  [
    '{"a":',
    'malformed_request: The body is not valid JSON: unexpected end of the text at line 1, column 6.',
  ],
  ['[]', 'malformed_request: The body must be a JSON object: {…}.'],
  ['null', 'malformed_request: The body must be a JSON object: {…}.'],
  ['"text"', 'malformed_request: The body must be a JSON object: {…}.'],
  [
    `{"a":${'['.repeat(64)}${']'.repeat(64)}}`,
    'malformed_request: The body is not valid JSON: nested too deeply at line 1, column 69.',
  ],
])('refuses %.20s', async (text, problem) => {
  expect(await problemOf(request(text))).toBe(problem);
});

test('refuses bytes that are not UTF-8', async () => {
  const bytes = Buffer.from('{"a":"\xff"}', 'latin1');
  expect(await problemOf(request(bytes))).toBe('malformed_request: The body is not valid UTF-8.');
});

test('reads JSON whatever type it was sent as, and names the type when it is none', async () => {
  for (const type of ['application/vnd.api+json', 'application/x-www-form-urlencoded', '']) {
    expect((await readJsonBody(request('{}', { 'Content-Type': type }))).value).toEqual({});
  }
  expect(
    await problemOf(request('a=1', { 'Content-Type': 'multipart/form-data; boundary=x' })),
  ).toBe(
    'malformed_request: The body is not valid JSON: expected a JSON value at line 1, column 1 (it was sent as multipart/form-data).',
  );
});

test('a body that breaks off is the caller’s problem, not ours', async () => {
  const broken = new ReadableStream({
    start: (controller) => controller.enqueue(Buffer.from('{"a":')),
    pull: (controller) => controller.error(new Error('aborted')),
  });
  expect(await problemOf(request(broken))).toBe(
    'malformed_request: The body ended before it was complete.',
  );
});
