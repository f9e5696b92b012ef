import createTypedFetch, { type Client, type Middleware } from 'openapi-fetch';
import { errorOf } from './api-error.ts';
import type { paths as ConduitPaths } from './generated/conduit.ts';
import { idempotentRoutes } from './generated/idempotent-routes.ts';
import type { paths as NeoPaths } from './generated/neo.ts';
import { defaultRetry, type RetryOptions, retryingFetch } from './retrying-fetch.ts';

export interface ClientOptions {
  /** Of the server, without a path. */
  readonly baseUrl: string;
  /** Sent as bearer token; left out in a browser that is signed in by cookie. */
  readonly token?: string;
  /** Called for every request instead of the global `fetch`. */
  readonly fetch?: (request: Request) => Promise<Response>;
  readonly retry?: Partial<RetryOptions>;
}

export interface SignalboxClient {
  /** `/v1`, typed by its document: `await client.v1.GET('/v1/agents/{id}', { params: { path: { id } } })`. */
  readonly v1: Client<ConduitPaths, 'application/json'>;
  /** `/public-api`, the same way. */
  readonly publicApi: Client<NeoPaths, 'application/json'>;
  readonly baseUrl: string;
  /** One try with the client's credentials: for streams, which resume in a way of their own. */
  open(path: string, init?: RequestInit): Promise<Response>;
}

/**
 * A typed client of both dialects. Repeats what may be repeated (`retryingFetch`), and gives an
 * `Idempotency-Key` to every request that takes one, so that a dispatch is never made twice.
 */
export function createClient(options: ClientOptions): SignalboxClient {
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const send = options.fetch ?? ((request: Request) => fetch(request));
  const headers: Record<string, string> =
    options.token === undefined ? {} : { Authorization: `Bearer ${options.token}` };
  const shared = {
    baseUrl,
    headers,
    fetch: retryingFetch(send, { ...defaultRetry, ...options.retry }),
  };
  const v1 = createTypedFetch<ConduitPaths, 'application/json'>(shared);
  const publicApi = createTypedFetch<NeoPaths, 'application/json'>(shared);
  v1.use(withKey);
  publicApi.use(withKey);
  return {
    v1,
    publicApi,
    baseUrl,
    open: (path, init = {}) =>
      send(new Request(`${baseUrl}${path}`, { ...init, headers: { ...headers, ...init.headers } })),
  };
}

const withKey: Middleware = {
  onRequest({ request, schemaPath }) {
    if (!idempotentRoutes.has(`${request.method} ${schemaPath}`)) return undefined;
    if (!request.headers.has('idempotency-key')) {
      request.headers.set('Idempotency-Key', randomKey());
    }
    return request;
  },
};

/** `crypto.randomUUID` is missing where a page came over plain HTTP from another machine. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The parsed body of a good answer. Throws `ApiError` for every other one. */
export async function answerOf<T>(
  call: Promise<{ readonly data?: T; readonly error?: unknown; readonly response: Response }>,
): Promise<T> {
  const { data, error, response } = await call;
  if (response.ok && data !== undefined) return data;
  throw errorOf(response, error);
}

/** The `data` of a good answer of `/v1`. Throws `ApiError` for every other one. */
export async function dataOf<T>(
  call: Promise<{
    readonly data?: { readonly data: T };
    readonly error?: unknown;
    readonly response: Response;
  }>,
): Promise<T> {
  return (await answerOf(call)).data;
}
