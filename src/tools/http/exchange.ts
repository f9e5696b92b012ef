import type { ApiCredential } from '../../core/http-credential.ts';
import { RawJson, stringifyJson } from '../../core/raw-json.ts';
import type { CallConnection } from '../../core/sandbox.ts';
import type { HostPolicy } from '../../sandbox/egress/allowed-hosts.ts';
import { EgressFailed, EgressRefused } from '../../sandbox/egress/guard.ts';
import { type Outlet, readUpTo } from '../../sandbox/egress/outlet.ts';
import { createMask } from '../../sandbox/mask.ts';
import { headAndTail } from '../model-text.ts';
import type { ToolCall, ToolCallResult } from '../tool.ts';
import { addCredential } from './credentials.ts';

// One request of a model's tool over HTTP, with its redirects, as a tool's result.
//
// Held: each hop is a new request, judged by the policy and the guard like the first; a stored credential is
// looked up for each hop anew, so it goes where people attached it and nowhere else, and only over TLS; what
// the model sent as a credential of its own is dropped when the origin changes; secrets are masked in all
// that comes back.

export const exchangeLimits = {
  maxRedirects: 5,
  /** As of a sandboxed tool's result. Larger answers are cut, and say so. */
  maxBodyBytes: 1_048_576,
  maxUrlChars: 8_192,
} as const;

export interface HttpExchange {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string | null;
}

export interface ExchangeRules {
  readonly openOutlet: (policy: HostPolicy) => Outlet;
  readonly policy: HostPolicy;
  /** Throws `EgressRefused` when the request must not be sent; else the credentials that go with it. */
  readonly judge: (request: {
    readonly method: string;
    readonly url: URL;
  }) => readonly ApiCredential[];
  /** Values of the secrets that credentials name, by name. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** Never throws but for a bug: what goes wrong is the tool's failure, in words for the model. */
export async function callOverHttp(
  rules: ExchangeRules,
  request: HttpExchange,
  call: Pick<ToolCall, 'signal' | 'mayStart' | 'traceparent'>,
): Promise<ToolCallResult> {
  const startedAt = performance.now();
  const mask = createMask(rules.secrets);
  using outlet = rules.openOutlet(rules.policy);
  const timeout = AbortSignal.timeout(rules.timeoutMs);
  const signal = AbortSignal.any([call.signal, timeout]);
  const common = () => ({
    logs: null,
    runTimeMs: Math.round(performance.now() - startedAt),
    connections: outlet.connections().map((one) => maskedConnection(one, mask.text)),
  });
  try {
    if (call.mayStart?.() === false)
      throw new EgressFailed('The call was given up before it began.');
    const { response, url } = await follow(rules, outlet, traced(request, call), signal);
    const outputJson = mask.json(await resultJson(request, response, url));
    outlet[Symbol.dispose]();
    return { ok: true, outputJson, modelText: headAndTail(outputJson), ...common() };
  } catch (error) {
    outlet[Symbol.dispose]();
    const error_ = mask.text(reasonOf(error, timeout, rules.timeoutMs));
    return { ok: false, error: error_, modelText: `The request failed: ${error_}`, ...common() };
  }
}

/** The request with the call's place in its trace, unless the tool says another one itself. */
function traced(request: HttpExchange, { traceparent }: Pick<ToolCall, 'traceparent'>) {
  const headers = new Headers(request.headers);
  if (traceparent !== undefined && !headers.has('traceparent')) {
    headers.set('traceparent', traceparent);
  }
  return { ...request, headers };
}

async function follow(
  rules: ExchangeRules,
  outlet: Outlet,
  first: HttpExchange,
  signal: AbortSignal,
): Promise<{ readonly response: Response; readonly url: URL }> {
  let request = first;
  for (let hops = 0; ; hops++) {
    const { method, headers, body } = request;
    const url = new URL(request.url);
    url.hash = '';
    const credentials = rules.judge({ method, url });
    const sent = { url: new URL(url), headers: new Headers(headers), body };
    for (const credential of credentials) {
      if (url.protocol !== 'https:') {
        throw new EgressRefused(`The credential of ${url.hostname} is sent over https only.`);
      }
      addCredential(sent, credential, secretOf(rules.secrets, credential.secret));
    }
    const response = await outlet.send(sent.url, { method, headers: sent.headers, body, signal });
    const location = response.headers.get('location');
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) {
      return { response, url };
    }
    await response.body?.cancel();
    if (hops === exchangeLimits.maxRedirects) {
      throw new EgressRefused(`More than ${exchangeLimits.maxRedirects} redirects.`);
    }
    request = redirected(request, response.status, location);
  }
}

function secretOf(secrets: Readonly<Record<string, string>>, name: string): string {
  const value = secrets[name];
  if (value !== undefined) return value;
  throw new EgressFailed(
    `The workspace has no secret ${name}, which the credential needs. Set it with PUT /v1/secrets/${name}.`,
  );
}

const ofTheOrigin = ['authorization', 'cookie', 'proxy-authorization', 'idempotency-key'];

function redirected(request: HttpExchange, status: number, location: string): HttpExchange {
  const url = URL.parse(location, request.url);
  if (url === null) throw new EgressRefused('The redirect leads to no URL.');
  if (request.url.protocol === 'https:' && url.protocol !== 'https:') {
    throw new EgressRefused('A redirect from https to http is not followed.');
  }
  const headers = new Headers(request.headers);
  const toGet =
    (status === 303 && request.method !== 'HEAD') ||
    ((status === 301 || status === 302) && request.method === 'POST');
  const isElsewhere = url.origin !== request.url.origin;
  // What was meant for one host is not sent to another: neither credentials nor a body.
  if (isElsewhere && !toGet && request.body !== null) {
    throw new EgressRefused(`A redirect to ${url.host} that repeats the body is not followed.`);
  }
  if (isElsewhere) for (const name of ofTheOrigin) headers.delete(name);
  if (!toGet) return { ...request, url, headers };
  for (const name of ['content-type', 'content-length', 'idempotency-key']) headers.delete(name);
  return { method: 'GET', url, headers, body: null };
}

async function resultJson(request: HttpExchange, response: Response, url: URL): Promise<string> {
  const { bytes, isCut } = await readUpTo(response, exchangeLimits.maxBodyBytes);
  const target = `${request.method} ${request.url.origin}${request.url.pathname}`;
  const status = `${response.status} ${response.statusText}`.trim();
  return stringifyJson({
    message: `${target} answered ${status}.${isCut ? ' The body was too large and is cut.' : ''}`,
    rawData: {
      status: response.status,
      headers: shownHeaders(response.headers),
      ...(url.href === request.url.href ? {} : { redirected_to: url.href }),
      ...(isCut ? { truncated: true } : {}),
      ...readBody(bytes, response.headers.get('content-type') ?? '', isCut),
    },
  });
}

function readBody(bytes: Buffer, contentType: string, isCut: boolean) {
  if (bytes.length === 0) return { body: null };
  const text = asText(bytes, isCut);
  if (text === null) return { body_base64: bytes.toString('base64') };
  const mayBeJson = /[/+]json\b/i.test(contentType) || contentType === '';
  if (!isCut && mayBeJson && isJson(text)) return { body: new RawJson(text.trim()) };
  return { body: text };
}

/** A cut may go through a character. */
function asText(bytes: Buffer, isCut: boolean): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut });
  } catch {
    return null;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Cookies are for browsers; the rest says what the connection was like. */
const hidden: ReadonlySet<string> = new Set(['set-cookie', 'connection', 'keep-alive', 'date']);

function shownHeaders(headers: Headers): Record<string, string> {
  const shown = [...headers].filter(([name]) => !hidden.has(name)).slice(0, 50);
  return Object.fromEntries(shown.map(([name, value]) => [name, value.slice(0, 2_048)]));
}

function maskedConnection(
  connection: CallConnection,
  mask: (text: string) => string,
): CallConnection {
  const { host, reason } = connection;
  return { ...connection, host: mask(host), reason: reason && mask(reason) };
}

function reasonOf(error: unknown, timeout: AbortSignal, timeoutMs: number): string {
  if (timeout.aborted) return `There was no whole answer within ${timeoutMs} ms.`;
  return error instanceof Error ? error.message : String(error);
}
