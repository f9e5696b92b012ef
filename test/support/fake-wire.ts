// What a fake provider answers, independent of the wire format it is spoken in.

export interface FakeToolCall {
  readonly id?: string;
  readonly name: string;
  /** Text is sent exactly as it is, malformed or not. */
  readonly arguments: string | Readonly<Record<string, unknown>>;
}

export interface FakeUsage {
  /** All of the prompt, cached tokens included. */
  readonly input: number;
  readonly output: number;
  readonly cached?: number;
  readonly cacheWrite?: number;
  readonly reasoning?: number;
}

export interface FakeAnswer {
  readonly text?: string;
  readonly reasoning?: string;
  readonly toolCalls?: readonly FakeToolCall[];
  readonly finishReason?: 'stop' | 'tool_calls' | 'length' | 'content_filter';
  /** Null: the server does not count. */
  readonly usage?: FakeUsage | null;
  /** From 400 on an error in the provider's form. */
  readonly status?: number;
  readonly errorType?: string;
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The connection is cut after so many events (streamed) or in the middle of the body. */
  readonly cutAfter?: number;
  /** An error event after so many events of the stream. */
  readonly streamError?: {
    readonly after: number;
    readonly type: string;
    readonly message: string;
  };
  /** `before`: never answers. `during`: stops in the middle and keeps the connection open. */
  readonly hang?: 'before' | 'during';
  readonly delayMs?: number;
  readonly quirks?: {
    /** Tool arguments as an object where OpenAI sends text. */
    readonly objectArguments?: boolean;
    /** Every tool call with an empty id, or with none. */
    readonly ids?: 'empty' | 'none';
    /** Answers in one JSON body although a stream was asked for. */
    readonly neverStreams?: boolean;
    /** A body of one's own, with status 200. */
    readonly rawBody?: string;
  };
}

export type WireName = 'chat' | 'responses' | 'messages';

// biome-ignore lint/suspicious/noExplicitAny: bodies come from outside and are looked into freely.
export type JsonBody = Record<string, any>;

export interface Wire {
  /** What the real provider would refuse in this request, in words, or null. */
  refuse(body: JsonBody): string | null;
  error(type: string, message: string): object;
  whole(answer: FakeAnswer, body: JsonBody): object;
  /** The events of a stream as they go over the wire. */
  events(answer: FakeAnswer, body: JsonBody): string[];
  streamError(type: string, message: string): string;
}

export const defaultUsage: FakeUsage = { input: 20, output: 10 };

export function pieces(text: string): string[] {
  return text.match(/[\s\S]{1,8}/g) ?? [];
}

export function argumentsText(call: FakeToolCall): string {
  return typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments);
}

export function callId(answer: FakeAnswer, call: FakeToolCall, index: number): string | undefined {
  if (answer.quirks?.ids === 'empty') return '';
  if (answer.quirks?.ids === 'none') return undefined;
  return call.id ?? `call_${index}_${call.name}`;
}

export function isJsonObject(text: unknown): boolean {
  if (typeof text !== 'string') return false;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

export function badToolName(names: readonly unknown[]): string | null {
  const bad = names.find((name) => typeof name !== 'string' || !/^[a-zA-Z0-9_-]{1,64}$/.test(name));
  return bad === undefined ? null : `tool name ${JSON.stringify(bad)} is not allowed`;
}
