import { expect, test } from 'vitest';
import { hashTokenSecret, looksLikeToken, newTokenSecret, tokenHint } from './token-secret.ts';

test('secrets have the documented forms and are never the same', () => {
  expect(newTokenSecret('capi')).toMatch(/^capi_[0-9a-z]{40}$/);
  expect(newTokenSecret('neo_sk')).toMatch(/^neo_sk_prod_[0-9a-z]{40}$/);
  expect(newTokenSecret('neo_sk', 'test')).toMatch(/^neo_sk_test_/);
  expect(new Set(Array.from({ length: 100 }, () => newTokenSecret('capi'))).size).toBe(100);
  expect(() => newTokenSecret('neo_sk', 'a_b')).toThrow(RangeError);
});

test('the hash is SHA-256', () => {
  expect(hashTokenSecret('abc').toString('hex')).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
});

test('a hint shows the form and four characters', () => {
  const secret = newTokenSecret('neo_sk', 'test');
  expect(tokenHint(secret)).toBe(`${secret.slice(0, 'neo_sk_test_'.length + 4)}…`);
  expect(tokenHint('my-own-admin-secret')).toBe('my-o…');
});

test('what cannot be a bearer token is told apart', () => {
  for (const good of [newTokenSecret('capi'), newTokenSecret('neo_sk'), 'dGhlIGFkbWluJ3Mgb3du==']) {
    expect(looksLikeToken(good)).toBe(true);
  }
  for (const bad of [
    '',
    'capi_',
    'capi_0123456789 0123456789',
    'x'.repeat(300),
    'capi_01234567890\0abc',
  ]) {
    expect(looksLikeToken(bad)).toBe(false);
  }
});
