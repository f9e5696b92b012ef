import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startServices, type TestServices } from '../../../test/support/egress.ts';
import { type Grant, grantLimits } from './grants.ts';

let services: TestServices;
let grant: Grant;
beforeAll(async () => {
  services = await startServices();
});
afterAll(() => services[Symbol.asyncDispose]());
beforeEach(() => {
  const { http, https } = services;
  const allow = [`api.test:${http}`, `api.test:${https}`, `evil.test:${http}`, '*.wide.test'];
  grant = services.egress.grant(allow);
});
afterEach(() => grant[Symbol.dispose]());

/** Writes bytes to the proxy's socket and gives all that comes back. */
async function exchange(bytes: string): Promise<string> {
  const socket = connect(services.egress.socketPath);
  socket.on('error', () => {});
  socket.write(bytes);
  return await text(socket);
}

const authorization = (credential = grant.credential) =>
  `Proxy-Authorization: Basic ${Buffer.from(`call:${credential}`).toString('base64')}\r\n`;

const request = (line: string, headers = '', credential?: string) =>
  exchange(
    `${line} HTTP/1.1\r\nHost: whatever\r\nConnection: close\r\n${authorization(credential)}${headers}\r\n`,
  );

async function openTunnel(authority: string): Promise<Socket> {
  const socket = connect(services.egress.socketPath);
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization()}\r\n`);
  const [head] = (await once(socket, 'data')) as [Buffer];
  expect(head.toString()).toBe('HTTP/1.1 200 Connection established\r\n\r\n');
  return socket;
}

describe('the proxy', () => {
  test('lets plain HTTP through, as if the client had asked the host itself', async () => {
    const url = `http://api.test:${services.http}/a?b=c`;
    const body = 'Content-Length: 5\r\nX-Own: 1\r\nX-Hop: 2\r\nConnection: X-Hop\r\n\r\nhello';
    const answer = await exchange(
      `POST ${url} HTTP/1.1\r\nHost: other.example\r\n${authorization()}${body}`.replace(
        'Connection: X-Hop',
        'Connection: close, X-Hop',
      ),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
    const host = `api.test:${services.http}`;
    expect(answer).toContain(
      JSON.stringify({ scheme: 'http', host, url: '/a?b=c', body: 'hello' }),
    );
    expect(services.lastHeaders()).toMatchObject({ 'x-own': '1', host });
    expect(Object.keys(services.lastHeaders()).sort()).not.toContain('x-hop');
    expect(JSON.stringify(services.lastHeaders())).not.toContain('roxy');
    expect(grant.connections()).toEqual([
      {
        host: 'api.test',
        port: services.http,
        outcome: 'connected',
        reason: null,
        address: '127.0.0.1',
        sentBytes: expect.any(Number),
        receivedBytes: expect.any(Number),
      },
    ]);
    expect(grant.connections()[0]?.sentBytes).toBeGreaterThan(50);
  });

  test('lets TLS through untouched, and counts it', async () => {
    const tunnel = await openTunnel(`api.test:${services.https}`);
    const ca = (await import('node:fs')).readFileSync(services.egress.certificatesPath, 'utf8');
    const tls = connectTls({ socket: tunnel, servername: 'api.test', ca });
    tls.end('GET /large HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\n\r\n');
    expect((await text(tls)).length).toBeGreaterThan(1_000_000);
    await expect.poll(() => grant.connections()[0]?.receivedBytes).toBeGreaterThan(1_000_000);
    expect(grant.connections()[0]).toMatchObject({ host: 'api.test', outcome: 'connected' });
  });

  test('speaks TLS itself for a client that names its target in a header', async () => {
    const url = `https://api.test:${services.https}/relayed`;
    const answer = await request('GET /', `Signalbox-Url: ${url}\r\n`);
    expect(answer).toContain(
      `"scheme":"https","host":"api.test:${services.https}","url":"/relayed"`,
    );
    expect(services.lastHeaders()).not.toHaveProperty('signalbox-url');
  });

  test('does not take a certificate of another name', async () => {
    using wrong = services.egress.grant([`uncertified.test:${services.https}`]);
    const url = `https://uncertified.test:${services.https}/`;
    const answer = await request('GET /', `Signalbox-Url: ${url}\r\n`, wrong.credential);
    expect(answer).toMatch(/^HTTP\/1\.1 502 .*altnames/);
  });

  test('hands redirects back, and judges where they lead anew', async () => {
    const to = encodeURIComponent('http://169.254.169.254/latest/meta-data/');
    const answer = await request(`GET http://api.test:${services.http}/redirect?to=${to}`);
    expect(answer).toMatch(/^HTTP\/1\.1 302/);
    expect(answer).toContain('169.254.169.254');
    const next = await request('GET http://169.254.169.254/latest/meta-data/');
    expect(next).toMatch(/^HTTP\/1\.1 403 169\.254\.169\.254 is an address/);
    expect(grant.connections().map(({ outcome }) => outcome)).toEqual(['connected', 'refused']);
  });

  test.each([
    'other.test:PORT',
    'api.test:22',
    'api.test:443',
    'api.test:80',
    'api.test:25',
    '127.0.0.1:PORT',
    '[::1]:PORT',
    '[::ffff:127.0.0.1]:PORT',
    'localhost:PORT',
    'localhost.:PORT',
    '0.0.0.0:PORT',
    '[::]:PORT',
    '2130706433:PORT',
    '0x7f.1:PORT',
    '0177.1:PORT',
    '169.254.169.254:80',
    'evil.test:PORT',
    'xapi.test:PORT',
    'api.test.evil.test:PORT',
    'wide.test:443',
    'a.wide.test:22',
    'api.test%00.evil.test:PORT',
    'user@api.test:PORT',
    'user:pass@api.test:PORT',
    'api.test:0',
    'api.test:65536',
    'api.test:99999999',
    'api.test',
    'api.test:',
    ':PORT',
    'http://api.test:PORT',
    'api.test:PORT/path',
    'api.test:+80',
  ])('refuses CONNECT %s', async (authority) => {
    const before = services.arrived.length;
    const answer = await request(`CONNECT ${authority.replace('PORT', String(services.http))}`);
    expect(answer).toMatch(/^HTTP\/1\.1 (?:403|400)/);
    expect(services.arrived).toHaveLength(before);
  });

  test.each([
    'http://other.test:PORT/',
    'http://127.0.0.1:PORT/',
    'http://user@api.test:PORT/',
    'http://user:pass@api.test:PORT/',
    'http://api.test:PORT@evil.test/',
    'http://api.test\\@evil.test/',
    'https://api.test:PORT/',
    'ftp://api.test:PORT/',
    'file:///etc/passwd',
    '/',
    '*',
    'http://',
    'http:///api.test',
    'http:api.test:PORT',
    'http://[::1]:PORT/',
    'http://api.test:PORT#@evil.test/',
    'http://evil.test:PORT/',
    'http://2130706433:PORT/',
    'http://api.test:22/',
    'http://api.test/',
    'gopher://api.test:PORT/_x',
    'http://a.wide.test.evil.test/',
  ])('refuses GET %s', async (url) => {
    const before = services.arrived.length;
    const answer = await request(`GET ${url.replace('PORT', String(services.http))}`);
    expect(answer).toMatch(/^HTTP\/1\.1 (?:403|400)/);
    expect(services.arrived).toHaveLength(before);
  });

  test('tells which private address a name leads to, in the answer and the record', async () => {
    const answer = await request(`CONNECT evil.test:${services.http}`);
    const reason = 'evil.test leads to 10.0.0.1, which is not a public address.';
    expect(answer).toContain(`HTTP/1.1 403 ${reason}\r\n`);
    expect(grant.connections()).toMatchObject([{ host: 'evil.test', outcome: 'refused', reason }]);
  });

  test('lets nobody through without the credential of a running call', async () => {
    const line = `GET http://api.test:${services.http}/`;
    using other = services.egress.grant(['unrelated.test']);
    using ended = services.egress.grant([`api.test:${services.http}`]);
    ended[Symbol.dispose]();
    expect(await exchange(`${line} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)).toMatch(
      / 407 /,
    );
    expect(await request(line, '', 'guessed')).toMatch(/ 407 /);
    expect(await request(line, '', ended.credential)).toMatch(/ 407 /);
    expect(await request(line, '', other.credential)).toMatch(/ 403 /);
    expect(await request(`CONNECT api.test:${services.http}`, '', 'guessed')).toMatch(/ 407 /);
    expect(grant.connections()).toEqual([]);
  });

  test('cuts what is open when the call ends, and keeps what was counted', async () => {
    const tunnel = await openTunnel(`api.test:${services.http}`);
    tunnel.write('GET /hang HTTP/1.1\r\nHost: api.test\r\n\r\n');
    await once(tunnel, 'data');
    tunnel.on('error', () => {});
    const closed = once(tunnel, 'close');
    grant[Symbol.dispose]();
    await closed;
    const [record] = grant.connections();
    expect(record?.receivedBytes).toBeGreaterThan(0);
    expect(await request(`GET http://api.test:${services.http}/`)).toMatch(/ 407 /);
  });

  test('bounds how many connections a call has, at once and in all', async () => {
    const tunnels: Socket[] = [];
    for (let n = 0; n < grantLimits.open; n++)
      tunnels.push(await openTunnel(`api.test:${services.http}`));
    expect(await request(`CONNECT api.test:${services.http}`)).toMatch(/ 403 .*open already/);
    for (const tunnel of tunnels) tunnel.destroy();
    await expect.poll(() => request(`GET http://api.test:${services.http}/`)).toMatch(/ 200 /);
    for (let n = grant.connections().length; n < grantLimits.total; n++)
      await request('CONNECT no.test:1');
    expect(await request(`GET http://api.test:${services.http}/`)).toMatch(/ 403 .*asked for 256/);
    expect(grant.connections()).toHaveLength(grantLimits.total);
  });

  test('is open to its own user and to whom it is shown', async () => {
    const directory = services.egress.socketPath.replace(/\/[^/]+$/, '');
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    const port = await services.egress.listenOnLoopback();
    expect(await services.egress.listenOnLoopback()).toBe(port);
  });
});
