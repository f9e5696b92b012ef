import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { PagePosition } from './page.ts';

// A cursor is a page position, signed together with the list it belongs to. Who holds one learns nothing
// from it and can point it neither elsewhere nor at other filters. It does not expire.

const version = 1;
const macBytes = 16;

export interface CursorContext {
  readonly key: Buffer;
  /** Names the list: a cursor of one list is refused by another. */
  readonly list: string;
  /** The filters in force; absent and undefined are the same. */
  readonly filters: Readonly<Record<string, unknown>>;
}

/** The opaque text of a position. */
export function encodeCursor(position: PagePosition, context: CursorContext): string {
  const body = Buffer.alloc(9 + Buffer.byteLength(position.id));
  body.writeUInt8(version, 0);
  body.writeBigInt64BE(BigInt(position.createdAt.getTime()), 1);
  body.write(position.id, 9);
  return Buffer.concat([mac(body, context), body]).toString('base64url');
}

/** The position in a cursor of this very list, or null when it is not one of ours. */
export function decodeCursor(cursor: string, context: CursorContext): PagePosition | null {
  const bytes = Buffer.from(cursor, 'base64url');
  const body = bytes.subarray(macBytes);
  if (body.length < 10 || bytes.toString('base64url') !== cursor) return null;
  if (!timingSafeEqual(bytes.subarray(0, macBytes), mac(body, context))) return null;
  if (body.readUInt8(0) !== version) return null;
  return { createdAt: new Date(Number(body.readBigInt64BE(1))), id: body.toString('utf8', 9) };
}

function mac(body: Buffer, context: CursorContext): Buffer {
  const filters = Object.entries(context.filters)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const scope = createHash('sha256')
    .update(JSON.stringify([context.list, filters]))
    .digest();
  return createHmac('sha256', context.key)
    .update(scope)
    .update(body)
    .digest()
    .subarray(0, macBytes);
}
