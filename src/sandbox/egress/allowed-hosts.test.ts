import { describe, expect, test } from 'vitest';
import { portsAllowedAt, readHostRule, readHostRules } from './allowed-hosts.ts';

test.each([
  ['api.example.com', { name: 'api.example.com', isSuffix: false, port: null }],
  ['API.Example.COM.', { name: 'api.example.com', isSuffix: false, port: null }],
  ['*.example.com', { name: 'example.com', isSuffix: true, port: null }],
  ['api.example.com:8443', { name: 'api.example.com', isSuffix: false, port: 8443 }],
  ['api.example.com.:8443', { name: 'api.example.com', isSuffix: false, port: 8443 }],
  ['*.example.co.uk', { name: 'example.co.uk', isSuffix: true, port: null }],
  ['xn--bcher-kva.example', { name: 'xn--bcher-kva.example', isSuffix: false, port: null }],
  ['me.github.io', { name: 'me.github.io', isSuffix: false, port: null }],
])('%s is a rule', (text, rule) => {
  expect(readHostRule(text)).toEqual(rule);
});

test.each([
  '*',
  '*.',
  '*.*',
  '*.com',
  '*.COM',
  '*.uk',
  '*.co.uk',
  '*.com.au',
  '*.or.jp',
  '*.github.io',
  '*.nip.io',
  '*.herokuapp.com',
  '*.com.',
  '*.com:443',
])('%s is refused as too broad', (text) => {
  expect(readHostRule(text)).toMatch(/too broad/);
});

test.each([
  '1.2.3.4',
  '127.0.0.1',
  '2130706433',
  '0x7f.0.0.1',
  '[::1]',
  '1.2.3.4:443',
  '*.1.2.3.4',
  '0177.0.0.1',
])('%s is refused as an address', (text) => {
  expect(readHostRule(text)).toMatch(/not an address/);
});

test.each([
  '',
  'com',
  'https://api.example.com',
  'api.example.com/path',
  'user@example.com',
  'a..example.com',
  'api.*.com',
  'a*.example.com',
  '**.example.com',
  '*.*.example.com',
  'api.example.com:0',
  'api.example.com:65536',
  'api.example.com:x',
  'api.example.com:',
  '-a.example.com',
  'bücher.example',
  'a b.example.com',
  'localhost',
  'a.localhost',
  'x.local',
  'metadata.google.internal',
  '::1',
  'example.0x1',
  'a.example.com\n',
])('%j is refused', (text) => {
  expect(readHostRule(text)).toBeTypeOf('string');
});

describe('rules', () => {
  const rules = readHostRules([
    'api.example.com',
    '*.shop.example',
    'api.example.com:8443',
    'odd.example:9000',
  ]);

  test.each([
    ['api.example.com', [80, 443, 8443]],
    ['odd.example', [9000]],
    ['a.shop.example', [80, 443]],
    ['a.b.shop.example', [80, 443]],
    ['shop.example', []],
    ['evilshop.example', []],
    ['example.com', []],
    ['x.api.example.com', []],
    ['api.example.com.evil.example', []],
  ])('open at %s the ports %j', (name, ports) => {
    expect(portsAllowedAt(rules, name)).toEqual(ports);
  });
});
