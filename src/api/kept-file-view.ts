import { z } from '@hono/zod-openapi';
import type { KeptFile } from '../core/artifact.ts';

/** A file of a call, as steps show it. */
export const keptFileShape = z.object({
  id: z.string(),
  name: z.string(),
  media_type: z.string(),
  size_bytes: z.number().int(),
});

export function showKeptFile({ id, name, mediaType, sizeBytes }: KeptFile) {
  return { id, name, media_type: mediaType, size_bytes: sizeBytes };
}
