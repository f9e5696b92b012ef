import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { isLinkGood, proveLink, signLink } from './link-signature.ts';

const key = Buffer.alloc(32, 1);
const of = { purpose: 'files', names: ['run', 'file'] };

test('a link is good until it expires, for what it names and under its key', () => {
  const proof = proveLink(key, { ...of, lifetimeS: 60, nowMs: 1_999 });
  expect(proof.expires).toBe(61);
  const link = { ...of, ...proof, nowMs: 61_000 };
  expect(isLinkGood(key, link)).toBe(true);
  for (const change of [
    { nowMs: 61_001 },
    { expires: 62 },
    { names: ['run', 'other'] },
    { names: ['run\nfile'], expires: 62 },
    { purpose: 'feedback' },
    { signature: '' },
  ]) {
    expect(isLinkGood(key, { ...link, ...change }), JSON.stringify(change)).toBe(false);
  }
  expect(isLinkGood(Buffer.alloc(32, 2), link)).toBe(false);
});

test('a link without an end is signed as those in mails that were sent before', () => {
  const own = createHmac('sha256', key).update('unsubscribe').digest();
  const signature = createHmac('sha256', own).update('np1').digest('base64url');
  expect(signLink(key, { purpose: 'unsubscribe', names: ['np1'], expires: null })).toBe(signature);
});
