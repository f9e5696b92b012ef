import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DnsServer, startDnsServer } from '../../../test/support/dns-server.ts';
import { isPublicAddress } from './address.ts';
import { createGuard, EgressFailed, EgressRefused } from './guard.ts';
import { createResolver } from './resolver.ts';

// A service on loopback stands for what strangers must not reach: a refused connection never arrives there.
const service = createServer((socket) => {
  arrivals += 1;
  socket.end();
});
let arrivals = 0;
let port = 0;
let dns: DnsServer;
const answers = new Map<string, (string | null)[][]>();

beforeAll(async () => {
  service.listen(0, '127.0.0.1');
  await once(service, 'listening');
  port = (service.address() as { port: number }).port;
  dns = await startDnsServer((name, type) => {
    const turns = answers.get(`${name} ${type}`) ?? [];
    const turn = turns.length > 1 ? turns.shift() : turns[0];
    return turn?.includes(null) ? null : ((turn ?? []) as string[]);
  });
});
afterAll(async () => {
  await dns[Symbol.asyncDispose]();
  service.close();
});

const overDns = (more: Parameters<typeof createGuard>[0] = {}) =>
  createGuard({ resolve: createResolver([dns.address]), ...more });

describe('the guard', () => {
  test.each([
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '127.0.0.1.',
    '127.255.255.254',
    '2130706433',
    '017700000001',
    '0177.0.0.1',
    '0177.1',
    '00000177.0.0.01',
    '0x7f000001',
    '0x7F.0.0.1',
    '0x7f.1',
    '0x7f.0x0.0x0.0x1',
    '0177.0x0.0.1',
    '0',
    '0.0.0.0',
    '0x0',
    '00',
    '0.1',
    '255.255.255.255',
    '[::]',
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[0000::0001]',
    '[::0:1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::FFFF:10.0.0.1]',
    '[0:0:0:0:0:ffff:a9fe:a9fe]',
    '[::127.0.0.1]',
    '[::7f00:1]',
    '[::169.254.169.254]',
    '[64:ff9b::127.0.0.1]',
    '[64:ff9b::a9fe:a9fe]',
    '[64:ff9b:1::1]',
    '[2002:7f00:1::]',
    '[2002:a9fe:a9fe::1]',
    '[2001::1]',
    '[2001:0:5ef5:79fd:0:59d:a0e5:ba01]',
    '[fc00::1]',
    '[fd00:ec2::254]',
    '[fe80::1]',
    '[fec0::1]',
    '[ff02::1]',
    '[ff0e::1]',
    '[100::1]',
    '[2001:db8::1]',
    '[3fff::1]',
    '[4000::1]',
    '10.0.0.1',
    '10.255.255.255',
    '0xa.0.0.1',
    '012.0.0.1',
    '167772161',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '0xc0a80001',
    '192.168.1',
    '100.64.0.1',
    '100.127.255.255',
    '100.100.100.200',
    '169.254.169.254',
    '169.254.170.2',
    '2852039166',
    '0xa9fea9fe',
    '0251.0376.0251.0376',
    '169.254.43518',
    '168.63.129.16',
    '192.0.0.192',
    '192.0.2.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.250',
    '240.0.0.1',
    '192.88.99.1',
  ])('refuses the address %s', async (host) => {
    const guard = createGuard({ resolve: () => expect.unreachable('nothing is to be resolved') });
    const before = arrivals;
    const refused = guard.connect({ host, port, ports: [port] });
    await expect(refused).rejects.toThrow(EgressRefused);
    await expect(refused).rejects.toThrow(/not a public address/);
    expect(arrivals).toBe(before);
  });

  test.each([
    'localhost',
    'LOCALHOST',
    'localhost.',
    'a.localhost',
    'localhost.localdomain',
    'metadata.google.internal',
    'printer.local',
    'router.home.arpa',
  ])('refuses the local name %s without asking anybody', async (host) => {
    const guard = createGuard({ resolve: async () => ['93.184.215.14'] });
    await expect(guard.connect({ host, port: 443 })).rejects.toThrow(EgressRefused);
  });

  test.each([
    '',
    ' ',
    '.',
    '..',
    'a..b',
    '.a.com',
    'user@a.com',
    'user:pass@a.com',
    'a.com:80',
    'a.com/',
    'a.com#',
    'a.com?',
    'a.com\\@b.com',
    'a.com\r\nHost: b',
    'a.com\0',
    '%31%32%37.0.0.1',
    '１２７.0.0.1',
    '①②⑦.0.0.1',
    'ⓛocalhost',
    '127。0。0。1',
    '[::1%25eth0]',
    '[fe80::1%eth0]',
    '[::1',
    '::1',
    '[127.0.0.1]',
    '256.256.256.256',
    '4294967296',
    '0x100000000',
    '1.2.3.4.5',
    '0x7f.0.0.0x100',
    '09.0.0.1',
    '-a.com',
    'a-.com',
    `${'a'.repeat(64)}.com`,
    `${'a.'.repeat(130)}com`,
  ])('takes %j for no host', async (host) => {
    const guard = createGuard({ resolve: () => expect.unreachable('nothing is to be resolved') });
    await expect(guard.connect({ host, port: 443 })).rejects.toThrow(/is not a host/);
  });

  test.each([
    ['93.184.215.14', true],
    ['1.1.1.1', true],
    ['172.15.0.1', true],
    ['172.32.0.1', true],
    ['100.63.255.255', true],
    ['100.128.0.1', true],
    ['2606:4700::1111', true],
    ['2a00:1450:4001::1', true],
    ['::ffff:1.1.1.1', false],
    ['::1.1.1.1', false],
    ['64:ff9b::1.1.1.1', false],
    ['2606:4700::1111%eth0', false],
    ['', false],
    ['a.com', false],
    ['1.1.1', false],
    ['01.1.1.1', false],
  ])('the address %s is public: %s', (address, isPublic) => {
    expect(isPublicAddress(address)).toBe(isPublic);
  });

  test.each([1, 22, 25, 53, 79, 81, 442, 444, 6379, 8080, 8443, 65_535])(
    'refuses port %i unless it is named',
    async (odd) => {
      const guard = createGuard({ resolve: () => expect.unreachable('nothing is to be resolved') });
      await expect(guard.connect({ host: 'api.test', port: odd })).rejects.toThrow(
        /Port .* not allowed/,
      );
    },
  );
});

describe('over DNS, the guard', () => {
  test.each([
    ['a private address', [['10.0.0.5']], []],
    ['loopback', [['127.0.0.1']], []],
    ['metadata', [['169.254.169.254']], []],
    ['a public and a private address', [['93.184.215.14', '192.168.0.1']], []],
    ['a mapped address', [[]], [['::ffff:7f00:1']]],
    ['a NAT64 address', [[]], [['64:ff9b::a00:1']]],
    ['a public IPv4 and a local IPv6 address', [['93.184.215.14']], [['::1']]],
    ['a unique local address', [[]], [['fd00:ec2::254']]],
  ])('refuses a name that answers with %s', async (_, a, aaaa) => {
    answers.set('evil.test A', a);
    answers.set('evil.test AAAA', aaaa);
    const guard = overDns();
    const before = arrivals;
    await expect(guard.connect({ host: 'evil.test', port, ports: [port] })).rejects.toThrow(
      /not a public address/,
    );
    expect(arrivals).toBe(before);
  });

  test('asks once a connection and connects to what it has checked, whatever comes next', async () => {
    // Loopback stands for a public address here; 127.0.0.2 for what the second answer leads to.
    answers.set('rebind.test A', [['127.0.0.1'], ['127.0.0.2']]);
    answers.set('rebind.test AAAA', [[]]);
    const guard = overDns({ isAllowedAddress: (address) => address === '127.0.0.1' });
    const target = { host: 'rebind.test', port, ports: [port] };
    const asked = dns.questions.length;
    const { socket, address } = await guard.connect(target);
    expect([address, socket.remoteAddress]).toEqual(['127.0.0.1', '127.0.0.1']);
    expect(dns.questions.slice(asked).sort()).toEqual(['rebind.test A', 'rebind.test AAAA']);
    socket.destroy();
    await expect(guard.connect(target)).rejects.toThrow(/leads to 127\.0\.0\.2/);
  });

  test('asks for the canonical name, so that a final dot or capitals change nothing', async () => {
    answers.set('dots.test A', [['10.1.1.1']]);
    const asked = dns.questions.length;
    await expect(overDns().connect({ host: 'DOTS.Test.', port: 443 })).rejects.toThrow(
      EgressRefused,
    );
    expect(dns.questions.slice(asked)).toContain('dots.test A');
  });

  test('goes on to the next address when one does not answer', async () => {
    answers.set('two.test A', [['127.0.0.9', '127.0.0.1']]);
    const guard = overDns({ isAllowedAddress: (address) => address.startsWith('127.') });
    const { address, socket } = await guard.connect({ host: 'two.test', port, ports: [port] });
    expect(address).toBe('127.0.0.1');
    socket.destroy();
  });

  test('says when a name has no address, no server answers, or nothing listens', async () => {
    answers.set('silent.test A', [[null]]);
    answers.set('silent.test AAAA', [[null]]);
    answers.set('closed.test A', [['127.0.0.1']]);
    const guard = overDns({ resolveTimeoutMs: 300, isAllowedAddress: () => true });
    const none = guard.connect({ host: 'none.test', port: 443 });
    await expect(none).rejects.toThrow('none.test has no address.');
    const silent = guard.connect({ host: 'silent.test', port: 443 });
    await expect(silent).rejects.toThrow('silent.test could not be resolved.');
    const closed = guard.connect({ host: 'closed.test', port: 1, ports: [1] });
    await expect(closed).rejects.toThrow(EgressFailed);
  });

  test('stops at once when its signal is aborted', async () => {
    answers.set('slow.test A', [[null]]);
    answers.set('slow.test AAAA', [[null]]);
    const stop = new AbortController();
    const waiting = overDns().connect({ host: 'slow.test', port: 443, signal: stop.signal });
    setImmediate(() => stop.abort(new Error('enough')));
    await expect(waiting).rejects.toThrow('enough');
  });
});
