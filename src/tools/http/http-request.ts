import { z } from 'zod';
import { parseExactJson } from '../../core/exact-json.ts';
import { httpMethods, safeMethods } from '../../core/http-credential.ts';
import { type HttpToolHost, type HttpToolSettings, httpToolName } from '../../core/http-tool.ts';
import {
  type HostPolicy,
  portsAllowedAt,
  readHostRule,
} from '../../sandbox/egress/allowed-hosts.ts';
import { EgressRefused } from '../../sandbox/egress/guard.ts';
import { readHost } from '../../sandbox/egress/host.ts';
import type { Outlet } from '../../sandbox/egress/outlet.ts';
import { problemsIn } from '../checked-by.ts';
import { openSecrets, type SecretDeps } from '../secrets.ts';
import type { AgentTool, CheckedToolArguments, ToolCall, ToolCallResult } from '../tool.ts';
import { secretsOf } from './credentials.ts';
import { callOverHttp, exchangeLimits } from './exchange.ts';

// The built-in tool `http_request`. Which hosts it reaches, and with which credentials, people say
// (`/v1/tools/http-request`); the model says method, URL, headers and body, and never sees a credential.

export interface HttpToolDeps extends SecretDeps {
  readonly openOutlet: (policy: HostPolicy) => Outlet;
}

const maxBodyChars = 1_048_576;

/** Headers that are the connection's, or would let the model speak for the proxy. */
export const refusedHeaders =
  /^(?:host|connection|content-length|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*|sec-.*)$/i;

const argumentsSchema = z.strictObject({
  method: z
    .string()
    .transform((text) => text.toUpperCase())
    .pipe(z.enum(httpMethods))
    .default('GET'),
  url: z.string().max(exchangeLimits.maxUrlChars),
  headers: z
    .record(
      z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/, 'is not the name of a header'),
      z
        .string()
        .max(8_192)
        .regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'has characters that headers cannot have'),
    )
    .optional(),
  query: z
    .record(
      z.string(),
      z.union([
        z.string(),
        z.number(),
        z.boolean(),
        z.array(z.union([z.string(), z.number(), z.boolean()])),
      ]),
    )
    .optional(),
  body: z.unknown().optional(),
});
type Arguments = z.output<typeof argumentsSchema>;

/** The tool as one agent has it; null when no host is open to the agent. */
export function httpRequestTool(
  deps: HttpToolDeps,
  settings: HttpToolSettings,
  agentId: string,
): AgentTool | null {
  const hosts = settings.hosts.filter(({ agents }) => agents === null || agents.includes(agentId));
  if (hosts.length === 0) return null;
  return {
    name: httpToolName,
    description:
      `Sends one HTTP request and gives status, headers and body (JSON parsed). Hosts that it reaches: ${hosts.map(described).join('; ')}. ` +
      'Where a credential is stored for a host it is added by itself: do not ask for one.',
    inputSchema: httpRequestSchema,
    toolId: null,
    version: null,
    idempotent: false,
    requiresApproval: settings.requiresApproval,
    hasEffects: true,
    judge: ({ method }) => {
      const isSafe = safeMethods.includes(String(method));
      return { idempotent: isSafe, hasEffects: !isSafe };
    },
    check,
    call: (call) => send(deps, { settings, hosts }, call),
  };
}

export const httpRequestSchema = {
  type: 'object',
  properties: {
    method: { type: 'string', enum: httpMethods, description: 'Default GET.' },
    url: { type: 'string', description: 'Absolute, http or https.' },
    headers: { type: 'object', additionalProperties: { type: 'string' } },
    query: { type: 'object', description: 'Added to the URL; a list is repeated.' },
    body: { description: 'A string is sent as it is; anything else as JSON.' },
  },
  required: ['url'],
  additionalProperties: false,
} as const;

function described({ host, methods }: HttpToolHost): string {
  return methods === null ? host : `${host} (${methods.join(', ')})`;
}

function check(value: unknown): CheckedToolArguments {
  const parsed = argumentsSchema.safeParse(value);
  if (!parsed.success) return { ok: false, problem: `${problemsIn(parsed.error)}.` };
  const problem = problemOf(parsed.data);
  return problem === null ? { ok: true, value: parsed.data } : { ok: false, problem };
}

function problemOf({ method, url, headers = {}, body }: Arguments): string | null {
  const parsed = URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    return 'url: must be absolute, with http or https.';
  }
  if (parsed.username !== '' || parsed.password !== '') {
    return 'url: has credentials before the host; leave them out.';
  }
  const refused = Object.keys(headers).find((name) => refusedHeaders.test(name));
  if (refused !== undefined) return `headers: "${refused}" cannot be set.`;
  if (body !== undefined && body !== null && (method === 'GET' || method === 'HEAD')) {
    return `body: ${method} has none.`;
  }
  return bodyText(body).text.length > maxBodyChars ? 'body: is too large.' : null;
}

function bodyText(body: unknown): { readonly text: string; readonly isJson: boolean } {
  return typeof body === 'string'
    ? { text: body, isJson: false }
    : { text: JSON.stringify(body ?? null), isJson: true };
}

async function send(
  deps: HttpToolDeps,
  given: { readonly settings: HttpToolSettings; readonly hosts: readonly HttpToolHost[] },
  call: ToolCall,
): Promise<ToolCallResult> {
  const { settings, hosts } = given;
  const input = argumentsSchema.parse(parseExactJson(call.inputJson));
  const { workspaceId, timeoutMs } = settings;
  const names = secretsOf(hosts.map(({ credential }) => credential));
  const { values: secrets } = await openSecrets(deps, { workspaceId, names });
  const rules = {
    openOutlet: deps.openOutlet,
    policy: policyOf(hosts),
    judge: (request: { readonly method: string; readonly url: URL }) => {
      const credential = entryFor(hosts, request)?.credential ?? null;
      return credential === null ? [] : [credential];
    },
    secrets,
    timeoutMs,
  };
  return await callOverHttp(rules, requestOf(input, call.key), call);
}

function requestOf(input: Arguments, key: string) {
  const url = new URL(input.url);
  for (const [name, value] of Object.entries(input.query ?? {})) {
    for (const one of Array.isArray(value) ? value : [value])
      url.searchParams.append(name, String(one));
  }
  const headers = new Headers(input.headers);
  const hasBody = input.body !== undefined && input.body !== null;
  const body = hasBody ? bodyText(input.body) : null;
  if (body?.isJson && !headers.has('content-type')) headers.set('content-type', 'application/json');
  if (!safeMethods.includes(input.method) && !headers.has('idempotency-key')) {
    headers.set('idempotency-key', key);
  }
  if (!headers.has('user-agent')) headers.set('user-agent', 'Signalbox');
  return { method: input.method, url, headers, body: body?.text ?? null };
}

function policyOf(hosts: readonly HttpToolHost[]): HostPolicy {
  const rules = hosts
    .map(({ host }) => readHostRule(host))
    .filter((rule) => typeof rule !== 'string');
  return {
    portsAt: (name) => portsAllowedAt(rules, name),
    refusal: (name) => `${name} is not among the hosts that http_request may reach.`,
  };
}

/** The first entry that fits the request; null for hosts of none, which the outlet refuses and notes. */
function entryFor(
  hosts: readonly HttpToolHost[],
  { method, url }: { readonly method: string; readonly url: URL },
): HttpToolHost | null {
  const read = readHost(url.hostname);
  const port = url.port === '' ? (url.protocol === 'http:' ? 80 : 443) : Number(url.port);
  const name = read?.kind === 'name' ? read.name : null;
  const atHost = hosts.filter(({ host }) => {
    const rule = readHostRule(host);
    return name !== null && typeof rule !== 'string' && portsAllowedAt([rule], name).includes(port);
  });
  if (atHost.length === 0) return null;
  const entry = atHost.find(
    ({ methods }) => methods === null || methods.some((one) => one === method),
  );
  if (entry !== undefined) return entry;
  throw new EgressRefused(`${method} is not allowed at ${url.host}.`);
}
