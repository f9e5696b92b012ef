import type { Step } from '../api/types.ts';

/** The number that a step has in its run: the end of its id. */
export function numberOf(step: Step): number {
  return Number(step.step_id.slice(step.step_id.lastIndexOf(':') + 1));
}
