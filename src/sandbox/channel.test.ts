import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ChannelViolation, encodeRequest, FrameReader, makeNonce } from './channel.ts';
import { readFailure, readResult } from './read-result.ts';

const nonce = 'a'.repeat(32);
const frame = (kind: string, payload: string, key = nonce) =>
  Buffer.from(`${key}${kind}${Buffer.byteLength(payload).toString(16).padStart(8, '0')}${payload}`);

describe('frames', () => {
  test('are read whole, however the bytes are cut', () => {
    const bytes = Buffer.concat([frame('s', ''), frame('r', '{"message":"é"}')]);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
        const reader = new FrameReader(nonce, 1000);
        const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const frames = places
          .slice(1)
          .flatMap((end, index) => reader.read(Buffer.from(bytes.subarray(places[index], end))));
        expect(frames.map(({ kind, payload }) => kind + payload)).toEqual([
          's',
          'r{"message":"é"}',
        ]);
      }),
    );
  });

  test.each([
    ['another nonce', frame('r', '{}', 'b'.repeat(32))],
    ['an unknown kind', frame('x', '{}')],
    ['a length beyond the limit', frame('r', 'x'.repeat(101))],
    ['a length that is no number', Buffer.from(`${nonce}r-0000001x`)],
    ['noise', Buffer.alloc(64)],
  ])('with %s are refused', (_what, bytes) => {
    expect(() => new FrameReader(nonce, 100).read(bytes)).toThrow(ChannelViolation);
  });

  test('have a nonce that is new for each call', () => {
    expect(makeNonce()).toMatch(/^[0-9a-f]{32}$/);
    expect(makeNonce()).not.toBe(makeNonce());
  });
});

test('a request says how long it is, in bytes', () => {
  const request = {
    code: 'é',
    parametersJson: '{}',
    key: 'k',
    form: null,
    limits: null,
    secrets: {},
    network: null,
    packages: null,
  };
  const bytes = encodeRequest(nonce, request);
  const length = Number.parseInt(bytes.toString('latin1', 32, 40), 16);
  expect(JSON.parse(bytes.subarray(40, 40 + length).toString())).toEqual(request);
  expect(bytes.length).toBe(40 + length);
});

describe('the server’s own judgement of a result', () => {
  const judge = (text: string) => readResult(Buffer.from(text));

  test('takes an object with a message, as the very text it was', () => {
    const text = '{"message": "ok", "rawData": 12345678901234567890}';
    expect(judge(text)).toEqual({ ok: true, message: 'ok', resultJson: text });
    expect(judge(String.raw`{"message": "[[[{{{\"[\\"}`)).toMatchObject({ ok: true });
  });

  test.each([
    ['no JSON', 'no', 'invalid_result'],
    ['a list', '[]', 'invalid_result'],
    ['null', 'null', 'invalid_result'],
    ['no message', '{"rawData": 1}', 'invalid_result'],
    ['a message that is no string', '{"message": {}}', 'invalid_result'],
    ['deep nesting', `{"message": "", "rawData": ${'['.repeat(500_000)}`, 'too_large'],
    ['more than 1 MiB', `{"message": "${'x'.repeat(1 << 20)}"}`, 'too_large'],
  ])('refuses %s', (_what, text, failure) => {
    expect(judge(text)).toMatchObject({ ok: false, failure });
  });

  test('takes only failures that a runner may report', () => {
    const judgeFailure = (value: unknown) => readFailure(Buffer.from(JSON.stringify(value)));
    expect(judgeFailure({ failure: 'threw', error: 'x' })).toMatchObject({ failure: 'threw' });
    expect(judgeFailure({ failure: 'aborted', error: 'x' })).toMatchObject({
      failure: 'invalid_result',
    });
    expect(judgeFailure(null)).toMatchObject({ failure: 'invalid_result' });
  });

  test('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        readResult(Buffer.from(bytes));
        readFailure(Buffer.from(bytes));
      }),
    );
  });
});
