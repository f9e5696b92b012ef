import { answerError, unreachableError } from './api-error.ts';
import { CliError } from './cli-error.ts';
import type { Connection } from './connection.ts';
import { namingWorkspace } from './in-workspace.ts';

type Query = Readonly<Record<string, string | number | undefined>>;

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the root of the server: `/v1/agents`. */
  readonly path: string;
  readonly query?: Query;
  /** JSON text, sent as it is, so that numbers keep all their digits; or the bytes of a file. */
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

export interface ApiAnswer<T> {
  readonly status: number;
  /** Exactly what the server sent: what `--json` prints. */
  readonly text: string;
  readonly body: T;
}

/** `{data}` of one object; `{data, next_cursor}` of a list. */
export interface One<T> {
  readonly data: T;
}

export interface Many<T> {
  readonly data: readonly T[];
  readonly next_cursor: string | null;
  readonly has_more: boolean;
}

export interface ApiClient {
  readonly url: string;
  /** The one that requests name where they name no other. */
  readonly workspace: string | null;
  /** Throws `CliError` with the server's own sentence when the answer is none of 2xx. */
  send<T>(request: ApiRequest): Promise<ApiAnswer<T>>;
  /** The answer of a server that is asked whether it is well: 503 is an answer here, too. */
  ask<T>(path: string, signal?: AbortSignal): Promise<ApiAnswer<T>>;
  /** The open answer, its body unread. Throws as `send` does; `Unavailable` when nobody answers. */
  open(request: ApiRequest): Promise<Response>;
}

export function createApiClient(connection: Connection): ApiClient {
  const { workspace = null } = connection;
  const placed = workspace === null ? (request: ApiRequest) => request : namingWorkspace(workspace);
  const open = (request: ApiRequest) => fetchAnswer(connection, placed(request));
  const openGood = async (request: ApiRequest): Promise<Response> => {
    const response = await open(request);
    if (response.ok) return response;
    throw answerError({
      response,
      text: await readText(response, connection, request.signal),
      connection,
    });
  };
  return {
    url: connection.url,
    workspace,
    open: openGood,
    send: async <T>(request: ApiRequest) =>
      await parsed<T>(await openGood(request), connection, request.signal),
    ask: async <T>(path: string, signal?: AbortSignal) =>
      await parsed<T>(await open({ path, signal }), connection, signal),
  };
}

async function fetchAnswer(connection: Connection, request: ApiRequest): Promise<Response> {
  const { method = 'GET', body, signal } = request;
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) search.set(name, String(value));
  }
  const query = search.size === 0 ? '' : `?${search}`;
  try {
    return await fetch(`${connection.url}${request.path}${query}`, {
      method,
      // A redirect would lose the method or carry the token elsewhere.
      redirect: 'manual',
      headers: {
        Accept: 'application/json',
        'User-Agent': connection.userAgent,
        ...(connection.token === null ? {} : { Authorization: `Bearer ${connection.token}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...request.headers,
      },
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw unreachableError(connection.url, error);
  }
}

async function parsed<T>(
  response: Response,
  connection: Connection,
  signal: AbortSignal | undefined,
): Promise<ApiAnswer<T>> {
  const text = await readText(response, connection, signal);
  try {
    return { status: response.status, text, body: JSON.parse(text) as T };
  } catch (cause) {
    throw new CliError(`${connection.url} answered with something that is not JSON.`, {
      hint: 'Is it a Signalbox server? Check --url or SIGNALBOX_URL.',
      cause,
    });
  }
}

async function readText(
  response: Response,
  connection: Connection,
  signal: AbortSignal | undefined,
): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    signal?.throwIfAborted();
    throw unreachableError(connection.url, error);
  }
}
