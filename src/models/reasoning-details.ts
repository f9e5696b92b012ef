import type { SharedV4ProviderMetadata } from '@ai-sdk/provider';
import { isObject } from '../core/is-object.ts';

// OpenRouter, and some servers that speak OpenAI's protocol, give reasoning as `reasoning_details` too, with the
// signatures of the model behind them, and want it back as it was beside the calls of tools:
// https://openrouter.ai/docs/use-cases/reasoning-tokens#preserving-reasoning. The provider package knows only its text.

/** The package sends what stands under this name of a message's options along with the message. */
const key = 'openaiCompatible';

type Detail = Readonly<Record<string, unknown>>;

/** Gathers them for `createOpenAICompatible`, from a whole answer or from the pieces of a streamed one. */
export const reasoningDetails = {
  extractMetadata: async ({ parsedBody }: { parsedBody: unknown }) =>
    metadataOf(detailsIn(parsedBody, 'message')),
  createStreamExtractor: () => {
    const details: Detail[] = [];
    return {
      processChunk: (chunk: unknown) => {
        for (const piece of detailsIn(chunk, 'delta')) join(details, piece);
      },
      buildMetadata: () => metadataOf(details),
    };
  },
};

/** What of an answer's metadata is to be sent back with it; undefined when nothing is. */
export function messageMetaOf(
  metadata: SharedV4ProviderMetadata | undefined,
): SharedV4ProviderMetadata | undefined {
  const details = metadata?.[key]?.reasoning_details;
  return details === undefined ? undefined : { [key]: { reasoning_details: details } };
}

function metadataOf(details: readonly Detail[]): SharedV4ProviderMetadata | undefined {
  if (details.length === 0) return undefined;
  // Parsed from JSON, so that it is JSON.
  return { [key]: { reasoning_details: details } } as SharedV4ProviderMetadata;
}

function detailsIn(body: unknown, holder: 'message' | 'delta'): Detail[] {
  const choice = isObject(body) && Array.isArray(body.choices) ? body.choices[0] : undefined;
  const message = isObject(choice) ? choice[holder] : undefined;
  const details = isObject(message) ? message.reasoning_details : undefined;
  return Array.isArray(details) ? details.filter(isObject) : [];
}

/** A piece of the detail before it has its type and place: texts go on, and what came late, such as a signature, is added. */
function join(details: Detail[], piece: Detail): void {
  const last = details.at(-1);
  if (last === undefined || last.type !== piece.type || last.index !== piece.index) {
    details.push(piece);
    return;
  }
  const joined: Record<string, unknown> = { ...last };
  for (const [name, value] of Object.entries(piece)) {
    if (value === null || value === undefined) continue;
    const before = joined[name];
    const goesOn = name === 'text' || name === 'summary' || name === 'data';
    joined[name] = goesOn && typeof before === 'string' ? `${before}${value}` : value;
  }
  details[details.length - 1] = joined;
}
