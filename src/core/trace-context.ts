import { hash, randomBytes } from 'node:crypto';

// W3C Trace Context: https://www.w3.org/TR/trace-context/#traceparent-header
//
// A run keeps its trace as one text: the trace id, and behind a `-` the span that it belongs below, where its caller
// gave one. Spans of a run are named by what they are of, so that any process can name them and no two disagree.

const traceparentForm = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/;

/** The trace a caller gave in `traceparent`, or a new one when there is none or it is malformed. */
export function traceFrom(traceparent: string | null): string {
  const match = traceparent === null ? null : traceparentForm.exec(traceparent.trim());
  const traceId = match?.[1];
  const parentId = match?.[2];
  if (traceId === undefined || /^0+$/.test(traceId) || /^0+$/.test(parentId ?? '')) {
    return randomBytes(16).toString('hex');
  }
  return `${traceId}-${parentId}`;
}

/** The two parts of a run's trace. */
export function traceParts(trace: string): {
  readonly traceId: string;
  readonly parentSpanId: string | null;
} {
  const [traceId = '', parentSpanId] = trace.split('-');
  return { traceId, parentSpanId: parentSpanId ?? null };
}

/** What a line of the log about a run carries. */
export function logFields(run: {
  readonly id: string;
  readonly runId: string;
  readonly traceId: string;
}): { readonly run: string; readonly run_id: string; readonly trace_id: string } {
  return { run: run.id, run_id: run.runId, trace_id: traceParts(run.traceId).traceId };
}

/** The id of a span: of a run by its id, of a step by its `run:step`. */
export function spanIdOf(name: string): string {
  return hash('sha256', name, 'hex').slice(0, 16);
}

/** The header by which a span is passed on. */
export function traceparentOf(trace: string, spanId: string): string {
  return `00-${traceParts(trace).traceId}-${spanId}-01`;
}
