import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FakeAnswer } from './fake-wire.ts';
import {
  bedrock,
  chat,
  google,
  groq,
  messages,
  mistral,
  responses,
  type WireAnswer,
} from './provider-answers.ts';

export interface ProviderRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

export interface EveryProvider extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly ProviderRequest[];
}

/** By how the paths of the providers' APIs end. */
const wires: readonly (readonly [RegExp, WireAnswer])[] = [
  [/^\/groq\/.*\/chat\/completions$/, groq],
  [/^\/mistral\/.*\/chat\/completions$/, mistral],
  [/\/chat\/completions$/, chat],
  [/\/responses$/, responses],
  [/\/messages$/, messages],
  [/:streamGenerateContent$/, google],
  [/\/converse-stream$/, bedrock],
];

/** A server on loopback that streams the same answer in the wire format that its path asks for. */
export async function startEveryProvider(answer: FakeAnswer): Promise<EveryProvider> {
  const requests: ProviderRequest[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const path = new URL(incoming.url ?? '/', 'http://any').pathname;
    requests.push({ path, headers: incoming.headers });
    const [, wire] = wires.find(([end]) => end.test(path)) ?? [];
    incoming.resume();
    if (wire === undefined) return outgoing.writeHead(404).end();
    const streamed = wire.stream(answer, 'm');
    outgoing.writeHead(200, Object.fromEntries(streamed.headers));
    outgoing.end(Buffer.from(await streamed.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
