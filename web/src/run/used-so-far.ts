import type { Run, Step } from '../api/types.ts';

/** What the steps of a run that goes on took: its own sums are known once it has ended. Copied ones took nothing here. */
export function usedSoFar(steps: readonly Step[]): {
  readonly cost: number;
  readonly used: Run['token_usage'];
} {
  let cost = 0;
  let [input, output] = [0, 0];
  for (const step of steps) {
    if (step.copied) continue;
    cost += step.cost ?? 0;
    input += step.token_usage?.input ?? 0;
    output += step.token_usage?.output ?? 0;
  }
  return { cost, used: input + output === 0 ? null : { input, output } };
}
