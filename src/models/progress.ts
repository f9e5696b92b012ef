import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { isObject } from '../core/is-object.ts';
import type { ModelUsage } from '../core/model.ts';
import { type CallText, estimateUsage } from './usage.ts';

// How far an answer came. One that breaks off, is given up or aborted is paid for as far as it came, so what
// the provider had counted by then is kept; where it counts at the end only, it is estimated from the text.

export interface Progress {
  /** The request is on its way. */
  isSent: boolean;
  /** `performance.now()` when the first of the answer came. */
  firstChunkAt: number | null;
  /** All that was written so far: text, reasoning, arguments. */
  written: string;
  /** Counted by the provider so far. */
  counted: Partial<Omit<ModelUsage, 'estimated'>>;
}

export function newProgress(): Progress {
  return { isSent: false, firstChunkAt: null, written: '', counted: {} };
}

/** The same stream; what passes is noted. Raw chunks end here. */
export async function* followProgress(
  stream: ReadableStream<LanguageModelV4StreamPart>,
  progress: Progress,
): AsyncGenerator<LanguageModelV4StreamPart> {
  for await (const part of stream) {
    if (part.type === 'raw') {
      Object.assign(progress.counted, countedIn(part.rawValue));
      continue;
    }
    if (part.type === 'stream-start') {
      yield part;
      continue;
    }
    progress.firstChunkAt ??= performance.now();
    if ('delta' in part) progress.written += part.delta;
    yield part;
  }
}

/** The usage of an attempt that failed; null when nothing of it can have been counted. */
export function usageSoFar(
  progress: Progress,
  how: { readonly wasGivenUp: boolean; readonly text: Omit<CallText, 'answer'> },
): ModelUsage | null {
  const hasBegun = progress.firstChunkAt !== null || progress.counted.inputTokens !== undefined;
  // A request that nobody refused is worked on, also when we do not wait for its end.
  if (!hasBegun && !(progress.isSent && how.wasGivenUp)) return null;
  const estimated = estimateUsage({ ...how.text, answer: progress.written });
  const { counted } = progress;
  // Counts of the answer come late or never; never less than what was seen.
  const outputTokens = Math.max(counted.outputTokens ?? 0, estimated.outputTokens);
  return { ...estimated, ...counted, outputTokens, estimated: true };
}

/** Anthropic counts in `message_start` and `message_delta`; Google in every chunk. */
function countedIn(chunk: unknown): Progress['counted'] {
  if (!isObject(chunk)) return {};
  if (chunk.type === 'message_start' && isObject(chunk.message)) {
    const usage = isObject(chunk.message.usage) ? chunk.message.usage : {};
    const read = numberIn(usage.cache_read_input_tokens);
    const write = numberIn(usage.cache_creation_input_tokens);
    return {
      inputTokens: numberIn(usage.input_tokens) + read + write,
      cachedInputTokens: read,
      cacheWriteTokens: write,
    };
  }
  if (chunk.type === 'message_delta' && isObject(chunk.usage)) {
    return { outputTokens: numberIn(chunk.usage.output_tokens) };
  }
  const { usageMetadata } = chunk;
  if (!isObject(usageMetadata) || numberIn(usageMetadata.promptTokenCount) === 0) return {};
  const reasoningTokens = numberIn(usageMetadata.thoughtsTokenCount);
  return {
    inputTokens: numberIn(usageMetadata.promptTokenCount),
    cachedInputTokens: numberIn(usageMetadata.cachedContentTokenCount),
    outputTokens: numberIn(usageMetadata.candidatesTokenCount) + reasoningTokens,
    reasoningTokens,
  };
}

function numberIn(value: unknown): number {
  return typeof value === 'number' && value >= 0 ? value : 0;
}
