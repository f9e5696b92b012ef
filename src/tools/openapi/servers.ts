import { isObject } from '../../core/is-object.ts';
import { outgoingUrl } from '../sources/source-input.ts';
import { DocumentProblem, type Json } from './document.ts';

// Where the document's first server is. What servers are given for single paths or operations is not used:
// a source reaches one host, and people see which.

/** The base URL, without a final `/`. Throws `DocumentProblem`. */
export function baseUrlOf(
  document: Json,
  given: {
    readonly variables: Readonly<Record<string, string>>;
    readonly documentUrl: string | null;
  },
): string {
  const at = 'servers[0]';
  const servers = document.servers ?? [];
  if (!Array.isArray(servers)) throw new DocumentProblem('servers', 'must be a list');
  const server = servers[0] ?? { url: '/' };
  if (!isObject(server) || typeof server.url !== 'string') {
    throw new DocumentProblem(`${at}.url`, 'must be text');
  }
  const declared = isObject(server.variables) ? server.variables : {};
  const unknown = Object.keys(given.variables).find((name) => !Object.hasOwn(declared, name));
  if (unknown !== undefined) {
    throw new DocumentProblem(
      `${at}.variables`,
      `has no "${unknown}", which "server_variables" gives`,
    );
  }
  const filled = server.url.replace(/\{([^{}]*)\}/g, (_, name: string) =>
    variable(declared, name, { at: `${at}.variables.${name}`, value: given.variables[name] }),
  );
  const url = URL.parse(filled, given.documentUrl ?? undefined);
  if (url === null) {
    const what =
      servers.length === 0 ? 'are missing' : `has the relative URL "${filled.slice(0, 200)}"`;
    throw new DocumentProblem(
      servers.length === 0 ? 'servers' : `${at}.url`,
      `${what}: say with "base_url" where the API is`,
    );
  }
  const problem = baseUrlProblem(url.href);
  if (problem !== null) throw new DocumentProblem(`${at}.url`, `${problem} (or give "base_url")`);
  return trimmed(url.href);
}

/** What is wrong with a base URL, to be read after the field's name. */
export function baseUrlProblem(text: string): string | null {
  const parsed = outgoingUrl.safeParse(text);
  if (!parsed.success) return parsed.error.issues[0]?.message ?? 'is no URL';
  return new URL(text).search === '' ? null : 'must have no query';
}

export function trimmed(url: string): string {
  return new URL(url).href.replace(/\/+$/, '');
}

function variable(
  declared: Json,
  name: string,
  { at, value }: { readonly at: string; readonly value: string | undefined },
): string {
  const one = Object.hasOwn(declared, name) ? declared[name] : undefined;
  if (!isObject(one)) throw new DocumentProblem(at, 'is not declared');
  const chosen = value ?? one.default;
  if (typeof chosen !== 'string') {
    throw new DocumentProblem(`${at}.default`, 'must be text; or give "server_variables"');
  }
  if (Array.isArray(one.enum) && !one.enum.includes(chosen)) {
    throw new DocumentProblem(at, `must be one of ${one.enum.slice(0, 20).join(', ')}`);
  }
  return chosen;
}
