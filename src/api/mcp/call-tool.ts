import type { CallToolResult } from '@modelcontextprotocol/server';
import { stringifyJson } from '../../core/raw-json.ts';
import type { SendInside } from '../request-log.ts';
import type { Call } from '../route.ts';
import type { McpTool } from './tools.ts';

// A call of a tool is the request that its route takes, sent as the caller within the process.

/** What says who asks, from where, and by which page. */
const passedOn = [
  'authorization',
  'cookie',
  'host',
  'origin',
  'sec-fetch-site',
  'traceparent',
  'x-forwarded-for',
] as const;

/** The route's answer. What it refuses is a result that says so: the model may do better then. */
export async function callTool(
  call: Pick<Call, 'http' | 'signal'>,
  tool: McpTool,
  given: Readonly<Record<string, unknown>>,
): Promise<CallToolResult> {
  const send = call.http.var.sendInside as SendInside;
  const answer = await send(requestOf(call, tool, given));
  const text = await answer.text();
  if (!answer.ok) return { isError: true, content: [{ type: 'text', text: refusalIn(text) }] };
  return {
    content: [{ type: 'text', text }],
    structuredContent: JSON.parse(text) as Record<string, unknown>,
  };
}

function requestOf(
  { http, signal }: Pick<Call, 'http' | 'signal'>,
  { route }: McpTool,
  given: Readonly<Record<string, unknown>>,
): Request {
  const rest = new Map(Object.entries(given));
  const take = (name: string): unknown => {
    const value = rest.get(name);
    rest.delete(name);
    return value;
  };
  const path = route.path.replace(/\{([a-z_]+)\}/g, (_, name: string) =>
    encodeURIComponent(asText(take(name))),
  );
  const url = new URL(path, http.req.url);
  const isInQuery = (name: string) =>
    Object.hasOwn(route.query?.shape ?? {}, name) ||
    (name === 'workspace_id' && route.workspace !== 'none' && route.workspace.from === 'query');
  for (const name of [...rest.keys()].filter(isInQuery)) {
    const value = take(name);
    if (value !== undefined && value !== null) url.searchParams.set(name, asText(value));
  }
  const headers = new Headers({ 'Content-Type': 'application/json' });
  for (const name of passedOn) {
    const value = http.req.header(name);
    if (value !== undefined) headers.set(name, value);
  }
  const body = route.body === undefined ? {} : { body: stringifyJson(Object.fromEntries(rest)) };
  return new Request(url, { method: route.method.toUpperCase(), headers, signal, ...body });
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : stringifyJson(value ?? '');
}

function refusalIn(text: string): string {
  try {
    const { error } = JSON.parse(text) as { readonly error?: unknown };
    return typeof error === 'string' ? error : text;
  } catch {
    return text;
  }
}
