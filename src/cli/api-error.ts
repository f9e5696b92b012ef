import { CliError } from './cli-error.ts';
import type { Connection } from './connection.ts';
import { Unavailable } from './unavailable.ts';

/** What an answer that is no success means for the person at the terminal. */
export function answerError(given: {
  readonly response: Response;
  readonly text: string;
  readonly connection: Connection;
}): CliError {
  const { response, text, connection } = given;
  const sentence = sentenceOf(text);
  if (response.status >= 300 && response.status < 400) {
    const to = response.headers.get('location') ?? 'another address';
    return new CliError(`${connection.url} sends requests on to ${to}.`, {
      hint: 'Give that address with --url or SIGNALBOX_URL.',
    });
  }
  const isTemporary = [429, 502, 503, 504].includes(response.status);
  const Kind = isTemporary ? Unavailable : CliError;
  if (sentence === null) {
    return new Kind(`${connection.url} answered ${response.status} and no reason.`, {
      hint: 'Is it a Signalbox server? Check --url or SIGNALBOX_URL.',
    });
  }
  return new Kind(sentence, { hint: hintFor(response, connection) ?? hintOf(sentence) });
}

/** Nobody answered, or the connection broke before the answer was whole. */
export function unreachableError(url: string, error: unknown): Unavailable {
  return new Unavailable(`Cannot reach the server at ${url} (${reasonOf(error)}).`, {
    hint: 'Start one with `signalbox start`, or name another with --url or SIGNALBOX_URL.',
    cause: error,
  });
}

/** `{error: "…"}` of `/v1`, `{error: {message}}` of `/public-api`. */
function sentenceOf(text: string): string | null {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    if (typeof error === 'string') return error;
    const message = (error as { message?: unknown } | undefined)?.message;
    return typeof message === 'string' ? message : null;
  } catch {
    return null;
  }
}

/** The server’s word is of the field. */
function hintOf(sentence: string): string | null {
  if (!sentence.includes('token reaches more than one workspace')) return null;
  return 'Name one with --workspace or SIGNALBOX_WORKSPACE: see `signalbox workspaces list`.';
}

function hintFor(response: Response, connection: Connection): string | null {
  switch (response.status) {
    case 401:
      return connection.token === null
        ? 'Give a token with --token or SIGNALBOX_TOKEN; the server printed its admin token, or where it is kept, when it first started.'
        : `The server at ${connection.url} does not accept this token: check --token, SIGNALBOX_TOKEN and SIGNALBOX_ADMIN_TOKEN.`;
    case 403:
      return 'This token may not do that; it takes one with write access, for this workspace.';
    case 429:
    case 503: {
      const seconds = response.headers.get('retry-after');
      return seconds === null ? 'Try again shortly.' : `Try again in ${seconds} s.`;
    }
    case 500: {
      const requestId = response.headers.get('x-request-id');
      return requestId === null
        ? "See the server's log."
        : `See the server's log, request ${requestId}.`;
    }
    default:
      return null;
  }
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection lost',
  UND_ERR_SOCKET: 'connection lost',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name cannot be looked up',
  ETIMEDOUT: 'no answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'no answer in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'no answer in time',
};

/** `fetch` says "fetch failed" and keeps the reason among the causes. */
function reasonOf(error: unknown): string {
  let at = error;
  let last = 'no connection';
  for (let depth = 0; depth < 5 && at instanceof Error; depth++) {
    const { code } = at as NodeJS.ErrnoException;
    if (code !== undefined) return reasons[code] ?? code;
    last = at.message;
    at = at.cause;
  }
  return last;
}
