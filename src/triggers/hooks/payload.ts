import { ApiError } from '../../core/errors.ts';
import { parseJsonStrict, rawMember } from '../../core/json.ts';

// What the agent gets of a webhook's body:
//
//   JSON, whatever type it was sent as       as it stands (I9)
//   nothing                                  {}
//   a form (application/x-www-form-urlencoded)
//     with `payload` that is JSON, alone     that JSON, as it stands (GitHub's and Slack's forms)
//     any other                              {"name": "value", "many": ["a", "b"]}
//   other text                               {"content_type": "text/plain", "text": "…"}
//
// Refused: what says it is JSON and is not, what is no UTF-8, and multipart bodies.

const maxDepth = 64;
const maxFields = 1_000;

/** The payload as JSON text. Throws `malformed_request`, naming what is wrong and where. */
export function readHookPayload(body: Uint8Array, contentType: string | null): string {
  const text = decodeUtf8(body);
  if (text.trim() === '') return '{}';
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type.startsWith('multipart/')) {
    throw malformed('Multipart bodies are not taken: send JSON, a form or text.');
  }
  const parsed = parseJsonStrict(text, { maxDepth });
  if (parsed.ok) return text;
  if (type === 'application/json' || type.endsWith('+json')) {
    throw malformed(`The body is not valid JSON: ${parsed.problem} (it was sent as ${type}).`);
  }
  if (type === 'application/x-www-form-urlencoded') return readForm(text);
  return JSON.stringify({ content_type: type === '' ? null : type, text });
}

function readForm(text: string): string {
  const fields = [...new URLSearchParams(text)];
  if (fields.length > maxFields) throw malformed(`The form has more than ${maxFields} fields.`);
  const [only] = fields;
  if (fields.length === 1 && only?.[0] === 'payload') {
    if (parseJsonStrict(only[1], { maxDepth }).ok) return only[1];
  }
  // A Map, since a form may well have a field named __proto__.
  const values = new Map<string, string | string[]>();
  for (const [name, value] of fields) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : [before, value].flat());
  }
  const members = [...values].map(
    ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`,
  );
  return `{${members.join(',')}}`;
}

/**
 * The value that a JSON pointer (RFC 6901) names in valid JSON text, as a text that is the same for the same
 * value; null when there is none, or it is null, an array or an object.
 */
export function scalarAt(json: string, pointer: string): string | null {
  let text: string | null = json;
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    text = member(text, name);
    if (text === null) return null;
  }
  const trimmed = text.trim();
  if (/^[[{]|^null$/.test(trimmed)) return null;
  // Digits as they stand: a large id would be rounded.
  return trimmed.startsWith('"') ? (JSON.parse(trimmed) as string) : trimmed;
}

function member(json: string, name: string): string | null {
  const kind = json.trimStart()[0];
  if (kind === '{') return rawMember(json, name);
  if (kind !== '[' || !/^(?:0|[1-9]\d{0,6})$/.test(name)) return null;
  const element = (JSON.parse(json) as unknown[])[Number(name)];
  return element === undefined ? null : JSON.stringify(element);
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw malformed('The body is not valid UTF-8.', cause);
  }
}

function malformed(message: string, cause?: unknown): ApiError {
  return new ApiError('malformed_request', message, { cause });
}
