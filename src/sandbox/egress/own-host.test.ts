import { expect, test } from 'vitest';
import { createTinyServer } from '../../../test/support/tiny-server.ts';
import { addressesIn, isPublicAddress } from './address.ts';
import { createGuard, EgressRefused } from './guard.ts';
import { openEgress } from './proxy.ts';

test('a network of the operator’s own is open to the one host of a policy, and to nobody else', async () => {
  await using server = await createTinyServer((_, response) => void response.end('inside'));
  const { port } = new URL(server.url);
  const resolve = async (name: string) => [name === 'far.example.com' ? '10.0.0.1' : '127.0.0.1'];
  const isOwn = addressesIn(['127.0.0.1']);
  await using egress = await openEgress({
    guard: createGuard({ resolve }),
    ownHostGuard: createGuard({
      resolve,
      isAllowedAddress: (address) => isPublicAddress(address) || isOwn(address),
      hint: 'ask the operator',
    }),
  });
  const policy = { portsAt: () => [Number(port)], refusal: (name: string) => `No ${name}.` };
  const ask = async (host: string, ownHost?: string) => {
    using outlet = egress.outlet({ ...policy, ...(ownHost === undefined ? {} : { ownHost }) });
    return await (await outlet.send(`http://${host}:${port}/`)).text();
  };
  expect(await ask('rmm.example.com', 'rmm.example.com')).toBe('inside');
  expect(await ask('RMM.example.com.', 'rmm.example.com')).toBe('inside');
  await expect(ask('other.example.com', 'rmm.example.com')).rejects.toThrow(EgressRefused);
  await expect(ask('far.example.com', 'far.example.com')).rejects.toThrow(
    'leads to 10.0.0.1, which is not a public address; ask the operator.',
  );
  await expect(ask('rmm.example.com')).rejects.toThrow('which is not a public address');
  await expect(ask('127.0.0.1', '127.0.0.1')).rejects.toThrow('only hosts that are named');
});
