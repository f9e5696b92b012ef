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
  const request = requestOf(call, tool, given);
  if (request === null) return refusal('An id of the path is missing, or can be none.');
  const answer = await send(request);
  const text = await answer.text();
  if (!answer.ok) return refusal(refusalIn(text));
  return {
    content: [{ type: 'text', text }],
    structuredContent: JSON.parse(text) as Record<string, unknown>,
  };
}

function refusal(text: string): CallToolResult {
  return { isError: true, content: [{ type: 'text', text }] };
}

/** Null: what is given for the path would make it the path of something else. */
function requestOf(
  { http, signal }: Pick<Call, 'http' | 'signal'>,
  { route }: McpTool,
  given: Readonly<Record<string, unknown>>,
): Request | null {
  const rest = new Map(Object.entries(given));
  const take = (name: string): unknown => {
    const value = rest.get(name);
    rest.delete(name);
    return value;
  };
  const path = route.path.replace(/\{([a-z_]+)\}/g, (_, name: string) =>
    encodeURIComponent(asText(take(name)).toWellFormed()),
  );
  const url = new URL(path, http.req.url);
  // Dots, and an empty name before a slash.
  if (url.pathname !== path || path.includes('//') || path.endsWith('/')) return null;
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
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : stringifyJson(value);
}

function refusalIn(text: string): string {
  try {
    const { error } = JSON.parse(text) as { readonly error?: unknown };
    return typeof error === 'string' ? error : text;
  } catch {
    return text;
  }
}
