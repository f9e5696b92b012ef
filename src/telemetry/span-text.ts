import type { RunSpan } from './run-spans.ts';

// Spans as OTLP has them in JSON, https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding, written at once:
// without the objects that the SDK makes of a span on its way to the same text.

const kinds = { internal: 1, client: 3 } as const;
const errorStatus = 2;

/** A `Span` of the protocol. */
export function spanText(span: RunSpan): string {
  let attributes = '';
  for (const key in span.attributes) {
    const value = span.attributes[key];
    if (value === undefined) continue;
    if (attributes !== '') attributes += ',';
    attributes += `{"key":"${key}","value":${valueText(value)}}`;
  }
  const parent = span.parentSpanId === null ? '' : `"parentSpanId":"${span.parentSpanId}",`;
  const status =
    span.error === null
      ? ''
      : `,"status":{"code":${errorStatus},"message":${textOf(span.error.slice(0, 1_000))}}`;
  return `{"traceId":"${span.traceId}","spanId":"${span.spanId}",${parent}"name":${textOf(span.name)},"kind":${kinds[span.kind]},"startTimeUnixNano":"${nanos(span.startMs)}","endTimeUnixNano":"${nanos(span.endMs)}","attributes":[${attributes}]${status}}`;
}

/** An `AnyValue` of the protocol. */
export function valueText(value: NonNullable<RunSpan['attributes'][string]>): string {
  switch (typeof value) {
    case 'string':
      return `{"stringValue":${textOf(value)}}`;
    case 'number':
      return Number.isInteger(value) ? `{"intValue":${value}}` : `{"doubleValue":${value}}`;
    case 'boolean':
      return `{"boolValue":${value}}`;
    default:
      return `{"arrayValue":{"values":[${value.map(valueText).join(',')}]}}`;
  }
}

const isPlain = /^[\w ./:-]*$/;

function textOf(value: string): string {
  return isPlain.test(value) ? `"${value}"` : JSON.stringify(value);
}

/** Nanoseconds since 1970, which no double holds: written as whole milliseconds and what is behind them. */
function nanos(ms: number): string {
  const whole = Math.floor(ms);
  const rest = ms === whole ? '000000' : String(Math.floor((ms - whole) * 1e6)).padStart(6, '0');
  return `${whole}${rest}`;
}
