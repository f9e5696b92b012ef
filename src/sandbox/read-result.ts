import type { CallFile, SandboxFailure } from '../core/sandbox.ts';
import { limits } from './limits.ts';

// The server's own judgement of what a runner handed over. A runner checks first, for better words;
// the code it ran shares its process, so everything is checked again here.

export type RunnerOutcome =
  | {
      readonly ok: true;
      readonly message: string;
      readonly resultJson: string;
      readonly files?: readonly CallFile[];
    }
  | { readonly ok: false; readonly failure: SandboxFailure; readonly error: string };

const runnerFailures = ['threw', 'invalid_result', 'memory', 'too_large'] as const;

/** A result frame's payload: JSON text of `{message, rawData?}`. */
export function readResult(payload: Buffer): RunnerOutcome {
  if (payload.length > limits.maxResultBytes) {
    return failed('too_large', `The result is over ${limits.maxResultBytes} bytes of JSON.`);
  }
  if (nestingDepth(payload) > limits.maxResultDepth) {
    return failed('too_large', `The result is nested deeper than ${limits.maxResultDepth} levels.`);
  }
  const resultJson = payload.toString('utf8');
  const value = parseJson(resultJson);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return failed('invalid_result', 'The result is not a JSON object with a string `message`.');
  }
  const message: unknown = 'message' in value ? value.message : undefined;
  if (typeof message !== 'string') {
    return failed('invalid_result', 'The result has no string `message`.');
  }
  return { ok: true, message, resultJson };
}

/** A failure frame's payload: `{failure, error}`. */
export function readFailure(payload: Buffer): RunnerOutcome {
  const value = parseJson(payload.toString('utf8'));
  if (typeof value === 'object' && value !== null && 'failure' in value && 'error' in value) {
    const failure = runnerFailures.find((name) => name === value.failure);
    if (failure !== undefined && typeof value.error === 'string') {
      return failed(failure, shortenError(value.error));
    }
  }
  return failed('invalid_result', 'The code handed over a failure that cannot be read.');
}

export function shortenError(error: string): string {
  if (error.length <= limits.maxErrorChars) return error;
  return `${error.slice(0, limits.maxErrorChars)}… (${error.length} characters)`;
}

function failed(failure: SandboxFailure, error: string): RunnerOutcome {
  return { ok: false, failure, error };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Deepest nesting of arrays and objects, without recursion and before any parser sees the text. */
function nestingDepth(json: Buffer): number {
  const [quote, backslash, openList, closeList, openMap, closeMap] = Buffer.from('"\\[]{}');
  let depth = 0;
  let deepest = 0;
  let isInString = false;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at];
    if (isInString) {
      if (byte === backslash) at += 1;
      else if (byte === quote) isInString = false;
    } else if (byte === quote) {
      isInString = true;
    } else if (byte === openList || byte === openMap) {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (byte === closeList || byte === closeMap) {
      depth -= 1;
    }
  }
  return deepest;
}
