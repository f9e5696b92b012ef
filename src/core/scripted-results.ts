import type { ScriptedResult } from './agent-test.ts';
import { isJsonSubset } from './json-subset.ts';

export interface MadeCall {
  readonly tool: string;
  /** JSON text. */
  readonly inputJson: string;
}

/**
 * Which result every call gets, given the calls in their order: the first one that names its tool, fits its
 * arguments and is not used up. Null where there is none. The same calls always get the same results.
 */
export function assignResults(
  results: readonly ScriptedResult[],
  calls: readonly MadeCall[],
): readonly (ScriptedResult | null)[] {
  const used = new Map<ScriptedResult, number>();
  return calls.map((call) => {
    const input: unknown = JSON.parse(call.inputJson);
    const found = results.find(
      (result) =>
        result.tool === call.tool &&
        (result.times === undefined || (used.get(result) ?? 0) < result.times) &&
        (result.arguments === undefined || isJsonSubset(result.arguments, input)),
    );
    if (found === undefined) return null;
    used.set(found, (used.get(found) ?? 0) + 1);
    return found;
  });
}
