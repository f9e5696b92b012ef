import type { Step } from '../api/types.ts';

export interface StepPair {
  readonly left: Step | null;
  readonly right: Step | null;
}

/** Beyond it steps are put beside one another by their place. */
const alignable = 600;

/** Two runs' steps side by side: those of one kind and name together, in order, as many as possible. */
export function alignSteps(left: readonly Step[], right: readonly Step[]): StepPair[] {
  if (left.length * right.length > alignable * alignable) return byPlace(left, right);
  const same = (a: Step | undefined, b: Step | undefined) =>
    a !== undefined &&
    b !== undefined &&
    a.type === b.type &&
    (a.type === 'model' || a.name === b.name);
  const width = right.length + 1;
  const longest = new Uint16Array((left.length + 1) * width);
  const at = (i: number, j: number) => longest[i * width + j] ?? 0;
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      longest[i * width + j] = same(left[i], right[j])
        ? at(i + 1, j + 1) + 1
        : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: StepPair[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    const [a, b] = [left[i] ?? null, right[j] ?? null];
    if (a && b && same(a, b)) {
      pairs.push({ left: a, right: b });
      i++;
      j++;
    } else if (b === null || (a !== null && at(i + 1, j) >= at(i, j + 1))) {
      pairs.push({ left: a, right: null });
      i++;
    } else {
      pairs.push({ left: null, right: b });
      j++;
    }
  }
  return pairs;
}

/** Whether both did the same: what went in, what came out, and how it ended. */
export function isSame({ left, right }: StepPair): boolean {
  if (left === null || right === null) return false;
  const essence = ({ status, input, output, error }: Step) =>
    JSON.stringify([status, input, withoutCallIds(output), error]);
  return essence(left) === essence(right);
}

/** Ids of calls are made up by providers: they differ where nothing else does. */
function withoutCallIds(output: unknown): unknown {
  if (typeof output !== 'object' || output === null || !('tool_calls' in output)) return output;
  const calls = Array.isArray(output.tool_calls) ? output.tool_calls : [];
  return { ...output, tool_calls: calls.map((call) => ({ ...call, call_id: null })) };
}

function byPlace(left: readonly Step[], right: readonly Step[]): StepPair[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => ({
    left: left[index] ?? null,
    right: right[index] ?? null,
  }));
}
