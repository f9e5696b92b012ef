import type {
  LanguageModelV4Content,
  LanguageModelV4FinishReason,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
  SharedV4ProviderMetadata,
} from '@ai-sdk/provider';
import type { FinishReason, ModelToolCall } from '../core/model.ts';
import { AnswerCutOff, UnreadableAnswer } from './failure.ts';
import type { AnswerPart } from './prompt.ts';
import { messageMetaOf } from './reasoning-details.ts';

/** A complete answer of a provider, streamed or not. */
export interface RawAnswer {
  readonly text: string;
  readonly reasoning: string | null;
  readonly toolCalls: readonly ModelToolCall[];
  readonly finishReason: FinishReason;
  readonly usage: LanguageModelV4Usage;
  /** Null when the text says it all. */
  readonly parts: readonly AnswerPart[] | null;
  /** Of the answer as a whole, to be sent back with it. */
  readonly meta: SharedV4ProviderMetadata | undefined;
}

interface Part {
  type: 'text' | 'reasoning' | 'tool-call';
  text: string;
  meta: SharedV4ProviderMetadata | undefined;
}

interface Finish {
  readonly reason: LanguageModelV4FinishReason;
  readonly usage: LanguageModelV4Usage;
  readonly meta: SharedV4ProviderMetadata | undefined;
}

/** Reads a stream to its end. Throws what the provider sent as an error, and `AnswerCutOff`. */
export async function collectStream(
  stream: AsyncIterable<LanguageModelV4StreamPart>,
  onText: (delta: string) => void,
): Promise<RawAnswer> {
  const parts: Part[] = [];
  const calls: ModelToolCall[] = [];
  const open = new Map<string, Part>();
  let finish: Finish | undefined;
  for await (const event of stream) {
    switch (event.type) {
      case 'text-start':
      case 'reasoning-start': {
        const type = event.type === 'text-start' ? 'text' : 'reasoning';
        const part: Part = { type, text: '', meta: event.providerMetadata };
        parts.push(part);
        open.set(`${type} ${event.id}`, part);
        break;
      }
      case 'text-delta':
      case 'text-end':
      case 'reasoning-delta':
      case 'reasoning-end': {
        const type = event.type.startsWith('text') ? 'text' : 'reasoning';
        const part = open.get(`${type} ${event.id}`);
        if (part === undefined) break;
        part.meta = mergeMeta(part.meta, event.providerMetadata);
        if (!('delta' in event) || event.delta === '') break;
        part.text += event.delta;
        if (type === 'text') onText(event.delta);
        break;
      }
      case 'tool-call':
        parts.push({ type: 'tool-call', text: '', meta: event.providerMetadata });
        calls.push(toCall(event));
        break;
      case 'finish':
        finish = {
          reason: event.finishReason,
          usage: event.usage,
          meta: messageMetaOf(event.providerMetadata),
        };
        break;
      case 'error':
        throw isMissingEnd(event.error) ? cutOff() : event.error;
      default:
        break;
    }
  }
  if (finish === undefined || finish.reason.unified === 'interrupted') throw cutOff();
  return assemble({ parts, calls, finish });
}

/** The answer of a call that was not streamed. */
export function collectResult(
  result: LanguageModelV4GenerateResult,
  onText: (delta: string) => void,
): RawAnswer {
  const parts: Part[] = [];
  const calls: ModelToolCall[] = [];
  for (const content of result.content) {
    if (content.type === 'text' || content.type === 'reasoning') {
      parts.push({ type: content.type, text: content.text, meta: content.providerMetadata });
    } else if (content.type === 'tool-call') {
      parts.push({ type: 'tool-call', text: '', meta: content.providerMetadata });
      calls.push(toCall(content));
    }
  }
  const answer = assemble({
    parts,
    calls,
    finish: {
      reason: result.finishReason,
      usage: result.usage,
      meta: messageMetaOf(result.providerMetadata),
    },
  });
  if (answer.text !== '') onText(answer.text);
  return answer;
}

function assemble({
  parts,
  calls,
  finish,
}: {
  parts: readonly Part[];
  calls: readonly ModelToolCall[];
  finish: Finish;
}): RawAnswer {
  const reasoning = parts.filter((part) => part.type === 'reasoning').map((part) => part.text);
  const isPlain =
    finish.meta === undefined &&
    parts.every((part) => part.type !== 'reasoning' && part.meta === undefined);
  return {
    text: parts
      .filter((part) => part.type === 'text')
      .map((part) => part.text)
      .join(''),
    reasoning: reasoning.join('\n\n').trim() || null,
    toolCalls: withDistinctIds(calls),
    finishReason: toFinishReason(finish.reason, calls.length > 0),
    usage: finish.usage,
    parts: isPlain ? null : parts.map(toAnswerPart),
    meta: finish.meta,
  };
}

function toAnswerPart({ type, text, meta }: Part): AnswerPart {
  const metaField = meta === undefined ? {} : { meta };
  return type === 'tool-call' ? { type, ...metaField } : { type, text, ...metaField };
}

function toCall(part: Extract<LanguageModelV4Content, { type: 'tool-call' }>): ModelToolCall {
  return { callId: part.toolCallId, name: part.toolName, argumentsText: part.input };
}

/** Some servers send no ids, or the same for all. */
function withDistinctIds(calls: readonly ModelToolCall[]): ModelToolCall[] {
  const taken = new Set(calls.map((call) => call.callId));
  const seen = new Set<string>();
  let number = 0;
  return calls.map((call) => {
    let { callId } = call;
    if (!/^[A-Za-z0-9_-]+$/.test(callId) || seen.has(callId)) {
      do callId = `call_${number++}`;
      while (taken.has(callId));
    }
    seen.add(callId);
    return { ...call, callId };
  });
}

function toFinishReason(reason: LanguageModelV4FinishReason, hasCalls: boolean): FinishReason {
  switch (reason.unified) {
    case 'length':
      return 'length';
    case 'content-filter':
      return 'content_filter';
    case 'stop':
    case 'tool-calls':
      // Ollama says `stop` beside tool calls; others say `tool_calls` and send none.
      if (hasCalls) return 'tool_calls';
      return reason.unified === 'stop' ? 'stop' : 'other';
    case 'other':
      if (reason.raw !== undefined) return 'other';
      return hasCalls ? 'tool_calls' : 'stop';
    case 'interrupted':
      throw cutOff();
    case 'error':
      throw new UnreadableAnswer(
        'the provider ended the answer with an error and did not say which',
      );
  }
}

function mergeMeta(
  before: SharedV4ProviderMetadata | undefined,
  after: SharedV4ProviderMetadata | undefined,
): SharedV4ProviderMetadata | undefined {
  if (before === undefined || after === undefined) return after ?? before;
  const merged = { ...before };
  for (const [provider, fields] of Object.entries(after)) {
    merged[provider] = { ...merged[provider], ...fields };
  }
  return merged;
}

/** How the OpenAI-compatible package says that a stream ended without its end. */
function isMissingEnd(error: unknown): boolean {
  return error instanceof Error && /ended without a finish reason/.test(error.message);
}

function cutOff(): AnswerCutOff {
  return new AnswerCutOff('the connection ended before the answer was complete');
}
