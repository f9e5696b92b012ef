import type { Attachment } from '../core/attachment.ts';

/** A file from outside, as nothing but a download. */
export function asDownload(file: Attachment & { readonly bytes: Buffer }): Response {
  return new Response(Buffer.from(file.bytes), {
    headers: {
      // Its own type is the sender's word, and no browser is to act on it.
      'Content-Type': 'application/octet-stream',
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      'Content-Length': String(file.sizeBytes),
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    },
  });
}
