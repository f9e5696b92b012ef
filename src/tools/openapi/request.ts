import { isRawNumber } from '../../core/exact-json.ts';
import { safeMethods } from '../../core/http-credential.ts';
import type { OpenApiOperation, OpenApiParameter } from '../../core/tool-source.ts';
import { exchangeLimits, type HttpExchange } from '../http/exchange.ts';

// An operation and its arguments as a request. Held: it goes to the base URL's origin and below its path,
// whatever the arguments are; what a path parameter says stays in its place.

/** What is wrong with the arguments, in words for the model. */
export class ArgumentProblem extends Error {}

type Arguments = Readonly<Record<string, unknown>>;

const maxBodyChars = 1_048_576;

/** Throws `ArgumentProblem`. */
export function requestOf(
  operation: OpenApiOperation,
  given: { readonly baseUrl: string; readonly input: Arguments; readonly key: string },
): HttpExchange {
  const { input, key, baseUrl } = given;
  const { method, parameters } = operation;
  const values = parameters.flatMap((parameter) => {
    const value = Object.hasOwn(input, parameter.argument) ? input[parameter.argument] : undefined;
    return value === undefined || (value === null && parameter.in !== 'path')
      ? []
      : [{ parameter, value }];
  });
  const url = urlOf(baseUrl, operation.path, values);
  const headers = new Headers({ accept: 'application/json, */*;q=0.5', 'user-agent': 'Signalbox' });
  for (const { parameter, value } of values) {
    if (parameter.in === 'header') headers.set(parameter.name, headerValue(parameter, value));
  }
  const body = bodyOf(operation, input.body);
  if (body !== null) headers.set('content-type', operation.mediaType ?? 'application/json');
  if (!safeMethods.includes(method) && !headers.has('idempotency-key')) {
    headers.set('idempotency-key', key);
  }
  return { method, url, headers, body };
}

interface Given {
  readonly parameter: OpenApiParameter;
  readonly value: unknown;
}

function urlOf(baseUrl: string, template: string, values: readonly Given[]): URL {
  const inPath = values.filter(({ parameter }) => parameter.in === 'path');
  const path = template.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const found = inPath.find(({ parameter }) => parameter.name === name);
    if (found === undefined) throw new ArgumentProblem(`${name} is required.`);
    return pathValue(found);
  });
  if (path.split('/').some(isDots)) {
    throw new ArgumentProblem('The path must not have a part that is "." or "..".');
  }
  const base = new URL(baseUrl);
  const url = URL.parse(`${baseUrl}${path}`);
  const below = base.pathname.replace(/\/$/, '');
  if (url === null || url.origin !== base.origin || !url.pathname.startsWith(`${below}/`)) {
    throw new ArgumentProblem('The arguments lead out of the API.');
  }
  for (const { parameter, value } of values) {
    if (parameter.in !== 'query') continue;
    for (const [name, one] of queryPairs(parameter, value)) url.searchParams.append(name, one);
  }
  if (url.href.length > exchangeLimits.maxUrlChars) {
    throw new ArgumentProblem(`The URL has more than ${exchangeLimits.maxUrlChars} characters.`);
  }
  return url;
}

/** In the style `simple` (RFC 6570): encoded, so that it is one part of the path. */
function pathValue({ parameter, value }: Given): string {
  const { argument } = parameter;
  const plain = simple(parameter, value);
  if (plain === '') throw new ArgumentProblem(`${argument} must not be empty.`);
  // A server may decode before it splits.
  if (plain.split(/[/\\]/).some(isDots) || /\p{Cc}/u.test(plain) || !plain.isWellFormed()) {
    throw new ArgumentProblem(
      `${argument} must not have a part that is "." or "..", nor control characters.`,
    );
  }
  return encodeURIComponent(plain);
}

function isDots(part: string): boolean {
  return /^(?:\.|%2e){1,2}$/i.test(part);
}

function headerValue(parameter: OpenApiParameter, value: unknown): string {
  const text = simple(parameter, value);
  if (text.length > 8_192 || !/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) {
    throw new ArgumentProblem(`${parameter.argument} has characters that headers cannot have.`);
  }
  return text;
}

function simple(parameter: OpenApiParameter, value: unknown): string {
  if (parameter.style === 'json') return JSON.stringify(value);
  if (Array.isArray(value)) return value.map((one) => scalar(parameter, one)).join(',');
  if (!isMembers(value)) return scalar(parameter, value);
  const pairs = Object.entries(value).map(([name, one]) => [name, scalar(parameter, one)]);
  return parameter.explode ? pairs.map((pair) => pair.join('=')).join(',') : pairs.flat().join(',');
}

function queryPairs(parameter: OpenApiParameter, value: unknown): readonly [string, string][] {
  const { name, style, explode } = parameter;
  if (style === 'json') return [[name, JSON.stringify(value)]];
  if (Array.isArray(value)) {
    const items = value.map((one) => scalar(parameter, one));
    if (explode || style === 'deepObject') return items.map((one) => [name, one]);
    const separator = style === 'spaceDelimited' ? ' ' : style === 'pipeDelimited' ? '|' : ',';
    return [[name, items.join(separator)]];
  }
  if (!isMembers(value)) return [[name, scalar(parameter, value)]];
  const pairs = Object.entries(value).map(
    ([key, one]) => [key, scalar(parameter, one)] as [string, string],
  );
  if (style === 'deepObject') return pairs.map(([key, one]) => [`${name}[${key}]`, one]);
  return explode ? pairs : [[name, pairs.flat().join(',')]];
}

function scalar({ argument }: OpenApiParameter, value: unknown): string {
  if (isRawNumber(value)) return value.rawJSON;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new ArgumentProblem(`${argument} must be text, a number, or true or false.`);
}

function isMembers(value: unknown): value is Arguments {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawNumber(value)
  );
}

function bodyOf(operation: OpenApiOperation, body: unknown): string | null {
  if (operation.body === 'none' || body === undefined) return null;
  const text = operation.body === 'form' ? formOf(body) : JSON.stringify(body);
  if (text.length <= maxBodyChars) return text;
  throw new ArgumentProblem('body is too large.');
}

function formOf(body: unknown): string {
  if (!isMembers(body)) throw new ArgumentProblem('body must be an object.');
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(body)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      const isPlain = typeof one === 'string';
      if (one !== null) form.append(name, isPlain ? one : JSON.stringify(one));
    }
  }
  return form.toString();
}
