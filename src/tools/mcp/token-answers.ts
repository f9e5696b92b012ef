// What a token endpoint answers, before the SDK reads it: the SDK puts the text of a refusal into errors and
// onto the console, and a stranger's text may repeat the code, token or client secret that it was sent.

type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** The same `fetch`, but that a refusal of a token request is its code alone, and so is what is no JSON. */
export function quietTokenRefusals(send: Fetch): Fetch {
  return async (url, init) => {
    const response = await send(url, init);
    const isTokenRequest = init?.body instanceof URLSearchParams && init.body.has('grant_type');
    if (!isTokenRequest) return response;
    const answer = objectOf(await response.text());
    if (response.ok && answer !== null) return Response.json(answer);
    const given = answer?.error;
    const error =
      typeof given === 'string' && /^[a-z_]{1,64}$/.test(given) ? given : 'server_error';
    const error_description = `the authorization server answered ${response.status}, ${error}`;
    const status = response.status >= 400 ? response.status : 502;
    return Response.json({ error, error_description }, { status });
  };
}

function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
