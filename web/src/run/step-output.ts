import type { Step } from '../api/types.ts';

export interface ModelOutput {
  readonly text: string;
  readonly reasoning: string | null;
  readonly nudge: string | null;
  readonly toolCalls: readonly {
    readonly id: string;
    readonly name: string;
    /** Parsed where it is JSON, else as the model wrote it. */
    readonly arguments: unknown;
  }[];
}

/** An output that is kept apart because of its size. */
export interface Spill {
  readonly id: string;
  readonly sizeBytes: number;
}

type Fields = Readonly<Record<string, unknown>>;

/** What a model step gave; null when it gave nothing. */
export function modelOutput(step: Step): ModelOutput | null {
  if (!isObject(step.output)) return null;
  const { text, reasoning, nudge, tool_calls: calls } = step.output;
  return {
    text: typeof text === 'string' ? text : '',
    reasoning: typeof reasoning === 'string' ? reasoning : null,
    nudge: typeof nudge === 'string' ? nudge : null,
    toolCalls: (Array.isArray(calls) ? calls : []).filter(isObject).map((call, index) => ({
      id: String(call.call_id ?? index),
      name: String(call.name),
      arguments: parsed(String(call.arguments ?? '')),
    })),
  };
}

export function spillOf(output: unknown): Spill | null {
  if (!isObject(output) || output.truncated !== true || typeof output.output_id !== 'string') {
    return null;
  }
  return { id: output.output_id, sizeBytes: Number(output.size_bytes) };
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
