import { randomBytes } from 'node:crypto';

// W3C Trace Context: https://www.w3.org/TR/trace-context/#traceparent-header

const traceparentForm = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/;

/** The trace id a caller gave in `traceparent`, or a new one when there is none or it is malformed. */
export function traceIdFrom(traceparent: string | null): string {
  const match = traceparent === null ? null : traceparentForm.exec(traceparent.trim());
  const traceId = match?.[1];
  const parentId = match?.[2];
  if (traceId === undefined || /^0+$/.test(traceId) || /^0+$/.test(parentId ?? '')) {
    return randomBytes(16).toString('hex');
  }
  return traceId;
}
