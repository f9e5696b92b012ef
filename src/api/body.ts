import { ApiError } from '../core/errors.ts';
import { parseJsonStrict } from '../core/json.ts';

export const maxBodyBytes = 1_048_576;
export const maxBodyDepth = 64;

export interface ReadBody {
  /** As it was sent; empty when there was none. */
  readonly text: string;
  readonly value: Readonly<Record<string, unknown>> | null;
}

/**
 * The request's JSON object. Reads no more than the limit, whatever `Content-Length` says.
 * Throws `payload_too_large` and `malformed_request`.
 */
export async function readJsonBody(request: Request, maxBytes?: number): Promise<ReadBody> {
  const text = decodeUtf8(await readBytes(request, maxBytes));
  if (text.trim() === '') return { text: '', value: null };
  return { text, value: parseObject(text, request.headers.get('content-type')) };
}

/** The JSON object of a body. Throws `malformed_request`. */
export function parseObject(
  text: string,
  contentType: string | null,
): Readonly<Record<string, unknown>> {
  const value = parseBody(text, contentType);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ApiError('malformed_request', 'The body must be a JSON object: {…}.');
  }
  return value as Record<string, unknown>;
}

/** The body as it was sent. Throws `payload_too_large` and `malformed_request`. */
export async function readBytes(
  request: Request,
  maxBytes: number = maxBodyBytes,
): Promise<Uint8Array> {
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > maxBytes) throw tooLarge(maxBytes);
  // HTTP ends a body of a declared length there: no need to count what comes.
  return declared > 0
    ? await readDeclared(request, maxBytes)
    : await readLimited(request, maxBytes);
}

/** The JSON value of a body. Throws `malformed_request`. */
export function parseBody(text: string, contentType: string | null): unknown {
  const parsed = parseJsonStrict(text, { maxDepth: maxBodyDepth });
  if (parsed.ok) return parsed.value;
  const sentAs = otherType(contentType);
  throw new ApiError(
    'malformed_request',
    `The body is not valid JSON: ${parsed.problem}${sentAs}.`,
  );
}

async function readDeclared(request: Request, maxBytes: number): Promise<Uint8Array> {
  try {
    const bytes = new Uint8Array(await request.arrayBuffer());
    if (bytes.byteLength > maxBytes) throw tooLarge(maxBytes);
    return bytes;
  } catch (cause) {
    if (cause instanceof ApiError) throw cause;
    throw new ApiError('malformed_request', 'The body ended before it was complete.', { cause });
  }
}

async function readLimited(request: Request, maxBytes: number): Promise<Uint8Array> {
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await readChunk(reader);
    if (done) return Buffer.concat(chunks, sizeBytes);
    sizeBytes += value.byteLength;
    if (sizeBytes > maxBytes) {
      await reader.cancel().catch(() => undefined);
      throw tooLarge(maxBytes);
    }
    chunks.push(value);
  }
}

async function readChunk(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): ReturnType<typeof reader.read> {
  try {
    return await reader.read();
  } catch (cause) {
    throw new ApiError('malformed_request', 'The body ended before it was complete.', { cause });
  }
}

/** Throws `malformed_request`. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ApiError('malformed_request', 'The body is not valid UTF-8.', { cause });
  }
}

// The type decides nothing: `curl -d` and `fetch` with a string name others for what is JSON all the same.
function otherType(contentType: string | null): string {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  return type === '' || type.endsWith('json') ? '' : ` (it was sent as ${type})`;
}

function tooLarge(maxBytes: number): ApiError {
  return new ApiError(
    'payload_too_large',
    `The body is larger than the ${maxBytes} bytes that are allowed.`,
  );
}
