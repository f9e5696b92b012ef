import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

// The outside world of the tools. It counts what reaches it, whoever has died since.

export interface LedgerCall {
  readonly tool: string;
  /** `run:step` */
  readonly key: string;
  readonly pid: number;
  readonly at: number;
}

export interface Ledger extends AsyncDisposable {
  readonly url: string;
  readonly calls: readonly LedgerCall[];
}

export async function startLedger(host: string, delayMs: () => number): Promise<Ledger> {
  const calls: LedgerCall[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { tool, key, pid } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    calls.push({ tool, key, pid, at: Date.now() });
    await sleep(delayMs());
    response.end('{"ok":true}');
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    calls,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
