import { describe, expect, test } from 'vitest';
import { addressesIn } from './address.ts';

describe('addresses that the operator names', () => {
  const isNamed = addressesIn(['10.1.0.0/16', '127.0.0.1', 'fd00::/8', '::1']);

  test.each(['10.1.0.0', '10.1.255.255', '127.0.0.1', 'fd12::1', '::1', '::ffff:10.1.2.3'])(
    'include %s',
    (address) => expect(isNamed(address)).toBe(true),
  );

  test.each([
    '10.2.0.0',
    '127.0.0.2',
    'fe80::1',
    '::2',
    '::ffff:10.2.0.1',
    'fd00::1%eth0',
    'a',
    '',
  ])('do not include %s', (address) => expect(isNamed(address)).toBe(false));

  test('are none when none are named', () => {
    expect(addressesIn([])('127.0.0.1')).toBe(false);
  });

  test.each(['10.0.0.0/33', 'fd00::/129', '10.0.0', 'localhost', '10.0.0.0/', '', '1.2.3.4/8/8'])(
    'are refused in the form %j',
    (text) => expect(() => addressesIn([text])).toThrow(RangeError),
  );
});
