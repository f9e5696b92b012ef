import type { Step } from '../api/types.ts';

export interface Latency {
  readonly model: number;
  readonly tool: number;
  /** For a moment that the agent set, or for a person's decision. */
  readonly waiting: number;
  /** What is left of the whole: queue, journal, scheduling. */
  readonly overhead: number;
  readonly total: number;
}

type Span = readonly [fromMs: number, toMs: number];

/**
 * Where the time of a run went, in milliseconds. Tools that ran side by side count once, and copied steps
 * of a fork not at all: they took place in another run.
 */
export function latencyOf(steps: readonly Step[], span: Span): Latency {
  const own = steps.filter((step) => !step.copied);
  const spans = (...types: readonly string[]): Span[] =>
    own
      .filter(({ type }) => types.includes(type))
      .map((step) => within(spanOf(step, span[1]), span));
  // Guardrails are judged by a model.
  const model = spans('model', 'guardrail');
  const tool = spans('tool');
  const modelMs = covered(model);
  const withTools = covered([...model, ...tool]);
  const busy = covered([...model, ...tool, ...spans('delay', 'approval')]);
  const total = Math.max(0, span[1] - span[0]);
  return {
    model: modelMs,
    tool: withTools - modelMs,
    waiting: busy - withTools,
    overhead: Math.max(0, total - busy),
    total,
  };
}

/**
 * From when to when a step took; one that goes on takes until now. Where it was measured, the journal’s writes
 * before and after it are not of it.
 */
export function spanOf(step: Step, nowMs: number): Span {
  const from = Date.parse(step.started_at);
  if (step.completed_at !== null) {
    const to = Math.max(from, Date.parse(step.completed_at));
    return [step.duration_ms ? Math.max(from, to - step.duration_ms) : from, to];
  }
  return [from, step.status === 'running' ? Math.max(from, nowMs) : from];
}

function within([from, to]: Span, [first, last]: Span): Span {
  return [Math.max(from, first), Math.max(Math.min(to, last), first)];
}

function covered(spans: readonly Span[]): number {
  let sum = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const [from, to] of [...spans].sort((a, b) => a[0] - b[0])) {
    sum += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return sum;
}
