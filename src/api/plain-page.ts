/** A page for people without an account: no script, no style, nothing from elsewhere. `body` is HTML. */
export function plainPage(body: string, status = 200): Response {
  const head =
    '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>Signalbox</title>';
  return new Response(`<!doctype html><html lang="en">${head}<body>${body}</body></html>`, {
    status,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    },
  });
}

/** A page of one sentence. */
export function plainText(text: string, status = 200): Response {
  return plainPage(`<p>${escapeHtml(text)}</p>`, status);
}

/** Text as it may stand in HTML, in attributes too. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
