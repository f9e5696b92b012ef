import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { messagesWire } from './fake-anthropic.ts';
import { chatWire } from './fake-openai-chat.ts';
import { responsesWire } from './fake-openai-responses.ts';
import type { FakeAnswer, JsonBody, Wire, WireName } from './fake-wire.ts';

// A provider on loopback that speaks the real wire formats, misbehaves on demand, and remembers
// what it was asked. It refuses what the real ones refuse: broken pairs of calls and results,
// missing keys, signatures that do not match.

export interface FakeRequest {
  readonly wire: WireName;
  readonly model: string;
  readonly streamed: boolean;
  readonly headers: IncomingMessage['headers'];
  readonly body: JsonBody;
  /** How many tool results the request holds. */
  readonly toolResults: number;
  /** How many answers of the model the request holds: 0 at the first call of a loop. */
  readonly turn: number;
  /** The connection was closed by the client before the answer was complete. */
  aborted: boolean;
  /** The answer, or the refusal, has been sent whole. */
  answered: boolean;
}

export type AnswerSource =
  | readonly FakeAnswer[]
  | ((request: FakeRequest, index: number) => FakeAnswer | Promise<FakeAnswer>);

export interface FakeProviderOptions {
  /** A list is used up in order; beyond its end calls are refused. Default: text "ok" for ever. */
  readonly answers?: AnswerSource;
  readonly apiKey?: string;
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** Default: any free one. */
  readonly port?: number;
  readonly onRequest?: (request: FakeRequest) => void;
}

export interface FakeProvider extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`; OpenAI clients want `/v1` behind it. */
  readonly url: string;
  readonly requests: readonly FakeRequest[];
  /** Replaces what is answered from now on; a list begins at its beginning. */
  answerWith(answers: AnswerSource): void;
}

export const fakeApiKey = 'sk-fake-0123456789';

const wires: Readonly<Record<string, [WireName, Wire]>> = {
  '/v1/chat/completions': ['chat', chatWire],
  '/v1/responses': ['responses', responsesWire],
  '/v1/messages': ['messages', messagesWire],
};

export async function startFakeProvider(options: FakeProviderOptions = {}): Promise<FakeProvider> {
  const requests: FakeRequest[] = [];
  let answers: AnswerSource = options.answers ?? (() => ({ text: 'ok' }));
  let next = 0;
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch((error: unknown) => outgoing.destroy(error as Error));
  });

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const path = new URL(incoming.url ?? '/', 'http://fake').pathname;
    if (path === '/requests') return sendJson(outgoing, { status: 200, body: requests });
    const [wire, format] = wires[path] ?? [];
    if (wire === undefined || format === undefined || incoming.method !== 'POST') {
      return sendJson(outgoing, {
        status: 404,
        body: { error: { message: `No such path: ${path}` } },
      });
    }
    const body = await readBody(incoming);
    const request: FakeRequest = {
      wire,
      model: String(body.model),
      streamed: body.stream === true,
      headers: incoming.headers,
      body,
      toolResults: countToolResults(body),
      turn: countAnswers(body),
      aborted: false,
      answered: false,
    };
    requests.push(request);
    outgoing.on('close', () => {
      request.aborted = !outgoing.writableFinished;
    });
    outgoing.on('finish', () => {
      request.answered = true;
    });
    options.onRequest?.(request);
    if (readKey(request) !== (options.apiKey ?? fakeApiKey)) {
      const error = format.error('authentication_error', `Incorrect API key: ${readKey(request)}`);
      return sendJson(outgoing, { status: 401, body: error });
    }
    const refusal = refuseHeaders(request) ?? format.refuse(body);
    if (refusal !== null) {
      return sendJson(outgoing, {
        status: 400,
        body: format.error('invalid_request_error', refusal),
      });
    }
    const index = next++;
    const answer = typeof answers === 'function' ? await answers(request, index) : answers[index];
    if (answer === undefined) {
      const error = format.error('invalid_request_error', 'The fake has no answer left.');
      return sendJson(outgoing, { status: 400, body: error });
    }
    await sendAnswer({ outgoing, request, format, answer });
  }

  const { host = '127.0.0.1' } = options;
  await listen(server, { host, port: options.port ?? 0 });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}`,
    requests,
    answerWith: (replacement) => {
      answers = replacement;
      next = 0;
    },
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function sendAnswer({
  outgoing,
  request,
  format,
  answer,
}: {
  outgoing: ServerResponse;
  request: FakeRequest;
  format: Wire;
  answer: FakeAnswer;
}): Promise<void> {
  if (answer.delayMs !== undefined) await sleep(answer.delayMs);
  if (answer.hang === 'before') return;
  const { status = 200, headers = {}, quirks } = answer;
  if (status >= 400) {
    const error = format.error(
      answer.errorType ?? 'api_error',
      answer.message ?? `Status ${status}`,
    );
    return sendJson(outgoing, { status, headers, body: error });
  }
  if (!request.streamed || quirks?.neverStreams || quirks?.rawBody !== undefined) {
    const text = quirks?.rawBody ?? JSON.stringify(format.whole(answer, request.body));
    outgoing.writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      ...headers,
    });
    if (answer.cutAfter === undefined && answer.hang === undefined) return void outgoing.end(text);
    await write(outgoing, text.slice(0, text.length / 2));
    if (answer.hang === undefined) outgoing.destroy();
    return;
  }
  outgoing.writeHead(status, { 'content-type': 'text/event-stream; charset=utf-8', ...headers });
  const frames = format.events(answer, request.body);
  for (const [index, frame] of frames.entries()) {
    if (answer.streamError?.after === index) {
      const { type, message } = answer.streamError;
      await write(outgoing, format.streamError(type, message));
      return void outgoing.end();
    }
    if (answer.cutAfter === index) return void outgoing.destroy();
    if (answer.hang === 'during' && index === Math.floor(frames.length / 2)) return;
    await write(outgoing, frame);
  }
  outgoing.end();
}

/** Written and handed to the kernel, so that a cut comes after it and not instead of it. */
function write(outgoing: ServerResponse, text: string): Promise<void> {
  return new Promise((resolve) => outgoing.write(text, () => resolve()));
}

function sendJson(
  outgoing: ServerResponse,
  { status, headers = {}, body }: { status: number; headers?: object; body: object },
): void {
  outgoing.writeHead(status, { 'content-type': 'application/json', ...headers });
  outgoing.end(JSON.stringify(body));
}

async function readBody(incoming: IncomingMessage): Promise<JsonBody> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

/** Anthropic takes its key in a header of its own or, as its client sends it, as a bearer token. */
function readKey({ headers }: FakeRequest): string {
  return String(headers['x-api-key'] ?? headers.authorization?.replace(/^Bearer /, '') ?? '');
}

function refuseHeaders({ wire, headers }: FakeRequest): string | null {
  if (wire !== 'messages' || headers['anthropic-version'] !== undefined) return null;
  return 'anthropic-version: header is required';
}

function countToolResults(body: JsonBody): number {
  const entries: JsonBody[] = [body.messages, body.input].filter(Array.isArray).flat();
  return entries
    .flatMap((entry) => [entry, ...(Array.isArray(entry.content) ? entry.content : [])])
    .filter(
      (part) =>
        part.role === 'tool' || part.type === 'function_call_output' || part.type === 'tool_result',
    ).length;
}

/** In the Responses API one answer is a row of items. */
function countAnswers(body: JsonBody): number {
  const entries: JsonBody[] = [body.messages, body.input].filter(Array.isArray).flat();
  const isAnswer = (entry: JsonBody | undefined) =>
    entry?.role === 'assistant' || entry?.type === 'function_call' || entry?.type === 'reasoning';
  return entries.filter((entry, at) => isAnswer(entry) && !isAnswer(entries[at - 1])).length;
}

function listen(server: Server, at: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(at, resolve);
  });
}
