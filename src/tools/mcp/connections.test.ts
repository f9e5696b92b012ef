import { expect, test } from 'vitest';
import type { McpServer } from '../../core/tool-source.ts';
import type { McpConnection } from './connection.ts';
import { McpConnections, TooManyConnections } from './connections.ts';

function server(id: string): McpServer {
  const config = { transport: 'http', url: `https://${id}.test`, auth: { type: 'none' } };
  return { id, config, timeoutMs: 1_000 } as McpServer;
}

/** Room for two; `closed` has the servers whose connections were, in that order. */
function pool() {
  const closed: string[] = [];
  const connect = async ({ id }: McpServer) => {
    const connection = {
      isOpen: true,
      [Symbol.asyncDispose]: async () => void closed.push(id),
    };
    return connection as unknown as McpConnection;
  };
  const connections = new McpConnections({ connect, onToolsChanged: () => {}, maxOpen: 2 });
  return { connections, closed };
}

test('at the limit the connection that was used longest ago makes room', async () => {
  const { connections, closed } = pool();
  await using _ = connections;
  for (const id of ['a', 'b', 'a']) (await connections.take(server(id)))[Symbol.dispose]();
  const third = await connections.take(server('c'));
  expect(closed).toEqual(['b']);
  using again = await connections.take(server('a'));
  expect(again.isFresh).toBe(false);
  third[Symbol.dispose]();
});

test('no connection in use makes room: who comes then is told to try again', async () => {
  const { connections, closed } = pool();
  await using _ = connections;
  const used = await Promise.all(['a', 'b'].map((id) => connections.take(server(id))));
  await expect(connections.take(server('c'))).rejects.toThrow(TooManyConnections);
  expect(closed).toEqual([]);
  for (const lent of used) lent[Symbol.dispose]();
  using late = await connections.take(server('c'));
  expect([late.isFresh, closed]).toEqual([true, ['a']]);
});
