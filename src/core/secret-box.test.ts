import { assert, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { createSecretBox, SecretBoxError } from './secret-box.ts';

const box = createSecretBox('an installation key of some length');

test('gives back any well-formed text, sealed differently every time', async () => {
  await assert(
    property(string({ unit: 'grapheme' }), (text) => {
      const sealed = box.seal(text);
      expect(box.open(sealed)).toBe(text);
      expect(box.seal(text)).not.toBe(sealed);
    }),
  );
});

test('a changed text is refused, at every byte', () => {
  const sealed = box.seal('whsec_123');
  const bytes = Buffer.from(sealed.slice(3), 'base64url');
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    expect(() => box.open(`v1.${changed.toString('base64url')}`)).toThrow(SecretBoxError);
  }
});

test('another key, another format and a cut text are refused', () => {
  const sealed = box.seal('secret');
  expect(() => createSecretBox('another installation key').open(sealed)).toThrow(SecretBoxError);
  expect(() => box.open(sealed.replace('v1.', 'v2.'))).toThrow(/format/);
  expect(() => box.open('v1.AAAA')).toThrow(/cut short/);
  expect(() => createSecretBox('short')).toThrow(RangeError);
});

test('a text that is bound to a place opens there alone', () => {
  const sealed = box.seal('sk_live_1', 'ws1 STRIPE_KEY');
  expect(box.open(sealed, 'ws1 STRIPE_KEY')).toBe('sk_live_1');
  expect(() => box.open(sealed, 'ws2 STRIPE_KEY')).toThrow(SecretBoxError);
  expect(() => box.open(sealed)).toThrow(SecretBoxError);
  expect(() => box.open(box.seal('free'), 'ws1 STRIPE_KEY')).toThrow(SecretBoxError);
});
