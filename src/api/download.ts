/** A file from outside, as nothing but a download. */
export function asDownload(file: { readonly name: string; readonly bytes: Buffer }): Response {
  return new Response(Buffer.from(file.bytes), {
    headers: {
      // Its own type is the sender's word, and no browser is to act on it.
      'Content-Type': 'application/octet-stream',
      'Content-Disposition': `attachment; filename*=UTF-8''${inHeader(file.name)}`,
      'Content-Length': String(file.bytes.byteLength),
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    },
  });
}

/** As RFC 8187 has it. */
function inHeader(name: string): string {
  return encodeURIComponent(name).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16)}`,
  );
}
