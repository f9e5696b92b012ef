import type { JournalEntry } from '../core/journal.ts';
import { rawOr } from '../core/raw-json.ts';
import type { Step } from './step.ts';
import { stepAfter } from './step-after.ts';

// A run's journal as its readers see it: steps, and the ordered timeline of tool calls.

/** Input and output are written as the tool was given them and gave them: `RawJson`. */
export interface ToolTraceItem {
  readonly name: string;
  readonly input: unknown;
  readonly output: unknown;
  readonly error: string | null;
  readonly step_id: string;
  readonly started_at: string;
  readonly duration_ms: number | null;
  readonly tool_id: string | null;
  readonly tool_version: number | null;
  readonly attempts: number;
  readonly child_run_id: string | null;
  readonly status: Step['status'];
  readonly copied: boolean;
}

/** Steps in the order they began. How the run ended is not a step. */
export function stepsOf(runId: string, entries: readonly JournalEntry[]): Step[] {
  const steps = new Map<number, Step>();
  for (const entry of entries) {
    if (entry.type === 'end') continue;
    steps.set(entry.step, stepAfter(runId, steps.get(entry.step), entry));
  }
  return [...steps.values()];
}

/** Tool calls in order; `finish` is not one, since it is the run's decision. */
export function toolTraceOf(runId: string, entries: readonly JournalEntry[]): ToolTraceItem[] {
  return stepsOf(runId, entries)
    .filter((step) => step.type === 'tool' && step.name !== 'finish')
    .map((step) => ({
      name: step.name,
      input: rawOr(step.inputJson, step.input),
      output: rawOr(step.outputJson, step.output),
      error: step.error,
      step_id: step.stepId,
      started_at: step.startedAt.toISOString(),
      duration_ms: step.durationMs,
      tool_id: step.toolId,
      tool_version: step.toolVersion,
      attempts: step.attempts,
      child_run_id: step.childRunId,
      status: step.status,
      copied: step.copied,
    }));
}
