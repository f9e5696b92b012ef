import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestCertificate } from './certificate.ts';

export interface ReceivedWebhook {
  readonly method: string;
  readonly path: string;
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Respond = (
  webhook: ReceivedWebhook,
  response: ServerResponse,
) => number | undefined | Promise<number | undefined>;

export interface WebhookReceiver extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Every request that came in whole, in order. */
  readonly received: ReceivedWebhook[];
  /** Those that were answered 2xx, by id. */
  readonly acknowledged: string[];
  /** What is answered from now on: a status, or nothing when the response was written (or is held). */
  respond: Respond;
}

/** A receiver of webhooks on loopback, with TLS if it has a certificate. Answers 200 until told otherwise. */
export async function startReceiver(certificate?: TestCertificate): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  const acknowledged: string[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = request.headers as Record<string, string>;
    const id = headers['webhook-id'] ?? '';
    const webhook = {
      method: request.method ?? '',
      path: request.url ?? '',
      id,
      headers,
      body: Buffer.concat(chunks).toString(),
    };
    received.push(webhook);
    const status = await receiver.respond(webhook, response);
    if (status === undefined) return;
    if (status >= 200 && status <= 299) acknowledged.push(id);
    response.writeHead(status).end('taken');
  };
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    response.on('error', () => undefined);
    handle(request, response).catch(() => response.destroy());
  };
  const server =
    certificate === undefined ? createServer(listener) : createTlsServer(certificate, listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const scheme = certificate === undefined ? 'http' : 'https';
  const receiver: WebhookReceiver = {
    url: `${scheme}://127.0.0.1:${port}/hooks`,
    port,
    received,
    acknowledged,
    respond: () => 200,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return receiver;
}
