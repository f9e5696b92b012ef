import { describe, expect, test } from 'vitest';
import { readEvents, type StreamItem } from './sse.ts';

const encoder = new TextEncoder();

async function read(chunks: readonly Uint8Array[], lastId?: string): Promise<StreamItem[]> {
  const bytes = (async function* () {
    yield* chunks;
  })();
  const items: StreamItem[] = [];
  for await (const item of readEvents(bytes, lastId)) items.push(item);
  return items;
}

const readText = (text: string, lastId?: string) => read([encoder.encode(text)], lastId);

describe('an event stream', () => {
  const text = [
    'retry: 1000',
    '',
    ': a comment',
    'id: 1',
    'event: step',
    'data: {"name": "naïve 🚉"}',
    '',
    'data:first',
    'data: second',
    'data',
    '',
    'id: 3',
    'event: end',
    'data: {}',
    '',
    '',
  ];
  const expected: StreamItem[] = [
    { kind: 'retry', retryMs: 1000 },
    { kind: 'event', event: 'step', data: '{"name": "naïve 🚉"}', id: '1' },
    { kind: 'event', event: 'message', data: 'first\nsecond\n', id: '1' },
    { kind: 'event', event: 'end', data: '{}', id: '3' },
  ];

  test.each([
    ['LF', '\n'],
    ['CR LF', '\r\n'],
    ['CR', '\r'],
  ])('is read the same wherever it is split, with %s at the ends of lines', async (_name, end) => {
    const bytes = encoder.encode(text.join(end));
    for (let at = 0; at <= bytes.length; at++) {
      expect(await read([bytes.subarray(0, at), bytes.subarray(at)]), `split at ${at}`).toEqual(
        expected,
      );
    }
    expect(await read([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(expected);
  });

  test('drops an event that its end cuts off', async () => {
    expect(await readText('id: 1\ndata: whole\n\nid: 2\ndata: half\n')).toEqual([
      { kind: 'event', event: 'message', data: 'whole', id: '1' },
    ]);
  });

  test('keeps the last id for events without one, from an earlier connection too', async () => {
    expect(await readText('data: a\n\nid: 8\ndata: b\n\ndata: c\n\n', '7')).toMatchObject([
      { data: 'a', id: '7' },
      { data: 'b', id: '8' },
      { data: 'c', id: '8' },
    ]);
  });

  test('has no event without data, and takes neither an id with NUL nor a retry that is no number', async () => {
    expect(await readText('event: step\n\nid: a\0b\nretry: soon\ndata: x\n\n')).toEqual([
      { kind: 'event', event: 'message', data: 'x', id: '' },
    ]);
  });
});
