import { assert, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstSealed } from '../../test/support/first-sealed.ts';
import { createSecretBox, SecretBoxError } from './secret-box.ts';

const secretKey = 'an installation key of some length';
const box = createSecretBox(secretKey);
const bodyOf = (sealed: string) => Buffer.from(sealed.split('.')[2] ?? '', 'base64url');

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
  const bytes = bodyOf(box.seal('whsec_123'));
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    const sealed = `v2.${box.keyId}.${changed.toString('base64url')}`;
    expect(() => box.open(sealed)).toThrow(SecretBoxError);
  }
});

test('another key, another format and a cut text are refused', () => {
  const sealed = box.seal('secret');
  const another = createSecretBox('another installation key');
  expect(() => another.open(sealed)).toThrow(/not known here/);
  expect(() => another.open(sealed.replace(box.keyId, another.keyId))).toThrow(SecretBoxError);
  expect(() => box.open(sealed.replace('v2.', 'v3.'))).toThrow(/format/);
  expect(() => box.open(`v2.${box.keyId}.AAAA`)).toThrow(/cut short/);
  expect(() => box.open('v1.AAAA')).toThrow(/cut short/);
  expect(() => createSecretBox('short')).toThrow(RangeError);
  expect(sealed).not.toContain(secretKey);
});

test('a text that is bound to a place opens there alone', () => {
  const sealed = box.seal('sk_live_1', 'ws1 STRIPE_KEY');
  expect(box.open(sealed, 'ws1 STRIPE_KEY')).toBe('sk_live_1');
  expect(() => box.open(sealed, 'ws2 STRIPE_KEY')).toThrow(SecretBoxError);
  expect(() => box.open(sealed)).toThrow(SecretBoxError);
  expect(() => box.open(box.seal('free'), 'ws1 STRIPE_KEY')).toThrow(SecretBoxError);
});

describe('a change of the key', () => {
  const next = 'the installation key after that one';
  const ring = createSecretBox(next, [secretKey]);
  const after = createSecretBox(next);

  test('leaves what was sealed readable, and seals under the new one alone', () => {
    expect(ring.open(box.seal('old', 'here'), 'here')).toBe('old');
    expect(after.open(ring.seal('new'))).toBe('new');
    expect(() => box.open(ring.seal('new'))).toThrow(SecretBoxError);
  });

  test('needs no place, keeps the place, and is done once', () => {
    const resealed = ring.reseal(box.seal('sk_live_1', 'ws1'));
    expect(after.open(resealed, 'ws1')).toBe('sk_live_1');
    expect(() => after.open(resealed)).toThrow(SecretBoxError);
    expect(() => box.open(resealed, 'ws1')).toThrow(SecretBoxError);
    expect(ring.reseal(resealed)).toBe(resealed);
  });

  test('keeps equal texts equal, in either form', () => {
    for (const sealed of [box.seal('same'), firstSealed(secretKey, 'same')]) {
      expect(ring.reseal(sealed)).toBe(ring.reseal(sealed));
    }
  });

  test('takes what was sealed before there were envelopes along', () => {
    const first = firstSealed(secretKey, 'sk_live_1', 'ws1');
    expect(box.open(first, 'ws1')).toBe('sk_live_1');
    expect(ring.open(first, 'ws1')).toBe('sk_live_1');
    expect(after.open(ring.reseal(first, 'ws1'), 'ws1')).toBe('sk_live_1');
    expect(() => ring.reseal(first)).toThrow(SecretBoxError);
    expect(() => after.open(first, 'ws1')).toThrow(SecretBoxError);
  });

  test('refuses what no key of the ring has sealed', () => {
    const foreign = createSecretBox('a key that nobody knows here').seal('secret');
    expect(() => ring.reseal(foreign)).toThrow(SecretBoxError);
  });
});
