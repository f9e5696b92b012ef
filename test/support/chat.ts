import { EventEmitter } from 'node:events';
import { expect } from 'vitest';
import { serveApi } from '../../src/api/serve.ts';
import type { ModelAnswer, ModelClient, ModelRequest } from '../../src/core/model.ts';
import { ModelError } from '../../src/core/model.ts';
import { createTestApi, type TestApi } from './api.ts';
import { functionTool, startTestEngine } from './engine.ts';
import { eventually } from './engine-process.ts';
import { addAgent } from './neo.ts';

// An API with an engine beside it, and a model whose every word the test says.

/** A call of the model that the test answers. */
export interface HeldCall {
  readonly request: ModelRequest;
  /** Shows a piece of text as it comes. */
  say(delta: string, attempt?: number): void;
  answer(answer?: Partial<ModelAnswer>): void;
  /** Ends the run, as the tool `finish` does. */
  finish(decision: Readonly<Record<string, unknown>>): void;
  fail(message: string): void;
}

export interface ChatDesk extends AsyncDisposable {
  readonly api: TestApi;
  /** The next call of the model that was not taken yet. */
  nextCall(): Promise<HeldCall>;
  /** Opens a session with a new agent; its id. */
  open(agent?: Readonly<Record<string, unknown>>): Promise<string>;
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into answers.
  write(session: string, body: object): Promise<any>;
  /** The turn's execution, once it has ended. */
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into answers.
  ended(turnId: string): Promise<any>;
}

/** `options`: of the API. */
export async function openChatDesk(
  options: Parameters<typeof createTestApi>[0] = {},
): Promise<ChatDesk> {
  const stack = new AsyncDisposableStack();
  const api = stack.use(await createTestApi({ commits: new EventEmitter(), ...options }));
  const calls: HeldCall[] = [];
  const models = heldModels((call) => calls.push(call));
  const tools = [functionTool('look', async () => 'seen', { idempotent: true })];
  const engine = stack.use(await startTestEngine({ db: api.deps.db, models, tools }));
  await engine.start();
  const open = async (agent: Readonly<Record<string, unknown>> = {}) => {
    const { number } = await addAgent(api, { triggers: [], model: 'scripted/test', ...agent });
    const body = { agent_id: Number(number) };
    const made = await api.request('POST', '/public-api/chat/sessions', { body });
    expect(made.status, made.text).toBe(201);
    return made.json.data.id as string;
  };
  return {
    api,
    open,
    async nextCall() {
      await eventually(() => calls.length > 0);
      return calls.shift() as HeldCall;
    },
    async write(session, body) {
      const path = `/public-api/chat/sessions/${session}/messages`;
      const answer = await api.request('POST', path, { body });
      expect(answer.status, answer.text).toBe(202);
      return answer.json.data;
    },
    async ended(turnId) {
      const path = `/public-api/executions/${turnId}`;
      const read = async () => (await api.request('GET', path)).json.data;
      await eventually(async () => (await read()).completed_at !== null);
      return await read();
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** The same, served over HTTP. */
export interface ServedDesk extends AsyncDisposable {
  readonly desk: ChatDesk;
  readonly url: string;
}

export async function serveChatDesk(): Promise<ServedDesk> {
  const stack = new AsyncDisposableStack();
  const desk = stack.use(await openChatDesk());
  const { url } = stack.use(await serveApi({ deps: desk.api.deps, host: '127.0.0.1', port: 0 }));
  return { desk, url, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

const usage = {
  inputTokens: 10,
  outputTokens: 5,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
};

function heldModels(onCall: (call: HeldCall) => void): ModelClient {
  return {
    call(request) {
      const { promise, resolve, reject } = Promise.withResolvers<ModelAnswer>();
      const answer = (given: Partial<ModelAnswer> = {}) =>
        resolve({
          ...{ text: '', reasoning: null, toolCalls: [], finishReason: 'stop', usage },
          ...{ costUsd: 0.001, failedAttempts: [], ...given },
        });
      request.signal?.addEventListener('abort', () => reject(new ModelError('aborted', 'aborted')));
      onCall({
        request,
        say: (delta, attempt = 1) => request.onText?.(delta, attempt),
        answer,
        finish: (decision) =>
          answer({
            finishReason: 'tool_calls',
            toolCalls: [{ callId: 'one', name: 'finish', argumentsText: JSON.stringify(decision) }],
          }),
        fail: (message) => reject(new ModelError('bad_request', message)),
      });
      return promise;
    },
    cost: () => 0.001,
    whyUnusable: () => null,
    whyIncomplete: () => null,
  };
}

export interface Envelope {
  /** Of the event. */
  readonly eventId: string;
  /** `[DONE]` is of the type `done`. */
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into the envelopes.
  readonly [field: string]: any;
}

/** The envelopes of a session's events as they come. */
export async function* tail(
  api: {
    readonly app: { request(path: string, init: RequestInit): Response | Promise<Response> };
    readonly tokens: Pick<TestApi['tokens'], 'read'>;
  },
  session: string,
  given: {
    readonly since?: string;
    readonly lastEventId?: string;
    readonly token?: string;
    readonly follow?: boolean;
  } = {},
): AsyncGenerator<Envelope> {
  const query = new URLSearchParams({
    ...(given.since === undefined ? {} : { since: given.since }),
    ...(given.follow === true ? { follow: 'true' } : {}),
  });
  const response = await api.app.request(`/public-api/chat/sessions/${session}/events?${query}`, {
    headers: {
      Authorization: `Bearer ${given.token ?? api.tokens.read}`,
      ...(given.lastEventId === undefined ? {} : { 'Last-Event-ID': given.lastEventId }),
    },
  });
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('text/event-stream')) {
    throw new Error(`${response.status} ${await response.text()}`);
  }
  let text = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const block = text.slice(0, end);
      text = text.slice(end + 2);
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data === undefined) continue;
      const eventId = /^id: (.*)$/m.exec(block)?.[1] ?? '';
      yield data === '[DONE]' ? { eventId, type: 'done' } : { eventId, ...JSON.parse(data) };
    }
  }
}

/** Of envelopes, what a person reads: the texts that were not withdrawn. */
export function textOf(envelopes: readonly Envelope[]): string[] {
  const texts = new Map<string, string>();
  for (const one of envelopes) {
    if (one.type === 'text-start') texts.set(one.id, '');
    if (one.type === 'text-delta') texts.set(one.id, (texts.get(one.id) ?? '') + one.delta);
    if (one.type === 'data-withdrawn') texts.delete(one.data.id);
  }
  return [...texts.values()];
}

/** All of them. */
export async function all(envelopes: AsyncGenerator<Envelope>): Promise<Envelope[]> {
  const seen: Envelope[] = [];
  for await (const one of envelopes) seen.push(one);
  return seen;
}

/** Those up to the first that is like this, itself included. */
export async function until(
  envelopes: AsyncGenerator<Envelope>,
  isLast: (one: Envelope) => boolean,
): Promise<Envelope[]> {
  const seen: Envelope[] = [];
  for (;;) {
    const { value, done } = await envelopes.next();
    if (done === true) throw new Error(`The stream ended: ${JSON.stringify(seen)}`);
    seen.push(value);
    if (isLast(value)) return seen;
  }
}
