import { z } from '@hono/zod-openapi';
import { whyNotEventName, whyReserved } from '../../core/event-name.ts';
import { rawItems, rawMember } from '../../core/json.ts';
import { collect, fieldName, type Problems, refusal, refuse } from '../../core/validate.ts';
import { decodeUtf8, parseBody, readBytes } from '../body.ts';
import { moment } from './fields.ts';

// What is sent to `POST /v1/events`: our own form, or CloudEvents 1.0 over HTTP: structured, batched or binary
// (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md).

export interface GivenEvent {
  readonly type: string;
  /** Who sends it; ids are unique to their source. */
  readonly source: string;
  /** A second event with the same source and id is a repeat. */
  readonly id: string | null;
  /** JSON text, as it was given (I9). */
  readonly payloadJson: string;
  readonly entityId: string | null;
  readonly occurredAt: Date | null;
}

const maxEventsAtOnce = 100;

const eventName = z.string().superRefine((text, context) => {
  const message = whyNotEventName(text) ?? whyReserved(text);
  if (message !== null) context.addIssue({ code: 'custom', message });
});
const given = (most: number) => z.string().min(1).max(most);

export const plainEvent = z
  .object({
    type: eventName.openapi({ type: 'string', example: 'reservation.created' }),
    payload: z.unknown().optional().openapi({ description: '`{}` when absent.' }),
    id: given(500).optional().openapi({
      description: 'A second event with the same `source` and `id` is a repeat and starts nothing.',
    }),
    source: given(1_000).optional(),
    entity_id: given(255).optional().openapi({
      description: 'What the event is about; else the payload’s own `entity_id`, if it has one.',
    }),
    occurred_at: moment.optional(),
  })
  .openapi({ description: 'An event, or a CloudEvent.' });

const cloudEvent = z.object({
  specversion: z.literal('1.0'),
  id: given(500),
  source: given(1_000),
  type: eventName,
  subject: given(1_000).optional(),
  time: moment.optional(),
  datacontenttype: z.string().max(500).optional(),
  data_base64: z.base64().optional(),
});

/** The events of a request. Throws `malformed_request`, `validation_error`, `payload_too_large`. */
export async function readGivenEvents(request: Request): Promise<readonly GivenEvent[]> {
  const type = (request.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase();
  const bytes = await readBytes(request);
  if (request.headers.has('ce-specversion') || request.headers.has('ce-type')) {
    return [binaryEvent(request, bytes)];
  }
  const text = decodeUtf8(bytes);
  const value = parseBody(text, type ?? null);
  if (type === 'application/cloudevents-batch+json') return batchOf(value, text);
  requireObject(value, []);
  const isCloudEvent =
    type === 'application/cloudevents+json' || Object.hasOwn(value, 'specversion');
  return [isCloudEvent ? structuredEvent(value, text, []) : ownEvent(value, text)];
}

function batchOf(value: unknown, text: string): readonly GivenEvent[] {
  if (!Array.isArray(value)) throw refusal(new Map([['body', 'must be an array of CloudEvents']]));
  if (value.length > maxEventsAtOnce) {
    throw refusal(new Map([['body', `must have at most ${maxEventsAtOnce} events`]]));
  }
  const texts = rawItems(text);
  return value.map((item: unknown, index) => {
    requireObject(item, [index]);
    return structuredEvent(item, texts[index] ?? 'null', [index]);
  });
}

function ownEvent(value: object, text: string): GivenEvent {
  const { type, id, source, entity_id, occurred_at } = valid(plainEvent, value, []);
  return {
    type,
    source: source ?? '',
    id: id ?? null,
    payloadJson: rawMember(text, 'payload') ?? '{}',
    entityId: entity_id ?? entityIn(value),
    occurredAt: occurred_at ?? null,
  };
}

function entityIn(value: object): string | null {
  const payload = (value as { readonly payload?: unknown }).payload;
  if (typeof payload !== 'object' || payload === null) return null;
  if (!Object.hasOwn(payload, 'entity_id')) return null;
  const { entity_id: id } = payload as { readonly entity_id: unknown };
  if (typeof id === 'number') return String(id);
  return typeof id === 'string' && id !== '' ? id : null;
}

function structuredEvent(value: object, text: string, at: readonly PropertyKey[]): GivenEvent {
  const event = valid(cloudEvent, value, at);
  const payloadJson =
    event.data_base64 === undefined
      ? (rawMember(text, 'data') ?? 'null')
      : payloadOf(Buffer.from(event.data_base64, 'base64'), event.datacontenttype);
  return fromCloudEvent(event, payloadJson);
}

/** Attributes in headers, percent-encoded where they are not plain text. */
function binaryEvent(request: Request, bytes: Uint8Array): GivenEvent {
  const { headers } = request;
  const attributes: Record<string, string> = {};
  for (const name of ['specversion', 'id', 'source', 'type', 'subject', 'time']) {
    const text = headers.get(`ce-${name}`);
    if (text !== null) attributes[name] = decoded(text);
  }
  const event = valid(cloudEvent, attributes, []);
  return fromCloudEvent(event, payloadOf(bytes, headers.get('content-type') ?? undefined));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replace(/%(?![0-9A-Fa-f]{2})/g, '%25'));
  } catch {
    return text;
  }
}

/** JSON stays as it is; other text becomes a JSON string, other bytes `{"data_base64": …}`. */
function payloadOf(bytes: Uint8Array, contentType: string | undefined): string {
  if (bytes.byteLength === 0) return 'null';
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? 'application/json';
  if (type.endsWith('/json') || type.endsWith('+json')) {
    const text = decodeUtf8(bytes);
    parseBody(text, null);
    return text.trim();
  }
  try {
    return JSON.stringify(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return JSON.stringify({ data_base64: Buffer.from(bytes).toString('base64') });
  }
}

function fromCloudEvent(event: z.output<typeof cloudEvent>, payloadJson: string): GivenEvent {
  return {
    type: event.type,
    source: event.source,
    id: event.id,
    payloadJson,
    entityId: event.subject ?? null,
    occurredAt: event.time ?? null,
  };
}

function valid<S extends z.ZodType>(
  schema: S,
  value: unknown,
  at: readonly PropertyKey[],
): z.output<S> {
  const problems: Problems = new Map();
  const read = collect(schema, { value, at, problems });
  refuse(problems);
  return read as z.output<S>;
}

function requireObject(value: unknown, at: readonly PropertyKey[]): asserts value is object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
  throw refusal(new Map([[fieldName(at), 'must be a JSON object']]));
}
