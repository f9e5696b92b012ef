import { randomBytes } from 'node:crypto';
import { type Dirent, existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { Context } from 'hono';

// The dashboard's files and the documentation's, as they were built: all in memory, so that a path can name nothing else, and a
// new build under a running server changes nothing halfway.

/** Files by their path, and the page that begins everything. */
export interface Dashboard {
  readonly files: ReadonlyMap<string, DashboardFile>;
  readonly page: string;
}

export interface DashboardFile {
  readonly type: string;
  readonly plain: Uint8Array<ArrayBuffer>;
  /** The same, compressed when it was built; null where that gains nothing. */
  readonly brotli: Uint8Array<ArrayBuffer> | null;
  readonly gzip: Uint8Array<ArrayBuffer> | null;
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
  '.html': 'text/html; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
};

/** What is no page of the dashboard, whether something is there or not. */
const notPages = /^\/(v1|public-api|hooks|mcp|docs|assets|healthz|readyz|llms\.txt)(\/|$)/;

/** Reads a build; null where there is none. */
export function readDashboard(folder: string): Dashboard | null {
  if (!existsSync(join(folder, 'index.html'))) return null;
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && typeOf(entry.name) !== null);
  return {
    files: new Map(files.map((entry) => [urlPath(folder, entry), readOne(entry)])),
    page: readFileSync(join(folder, 'index.html'), 'utf8'),
  };
}

/** Null: a build has no such file for browsers. */
function typeOf(name: string): string | null {
  if (name === 'llms.txt') return 'text/plain; charset=utf-8';
  return types[extname(name)] ?? null;
}

function urlPath(folder: string, { parentPath, name }: Dirent): string {
  return `/${relative(folder, join(parentPath, name)).split(sep).join('/')}`;
}

function readOne({ parentPath, name }: Dirent): DashboardFile {
  const file = join(parentPath, name);
  const compressed = (ending: string) =>
    existsSync(file + ending) ? new Uint8Array(readFileSync(file + ending)) : null;
  return {
    type: typeOf(name) ?? 'application/octet-stream',
    plain: new Uint8Array(readFileSync(file)),
    brotli: compressed('.br'),
    gzip: compressed('.gz'),
  };
}

/**
 * Answers with a file of the dashboard, or with its page where a browser navigates to a path of its own.
 * Null for everything else, which is an error of the API.
 */
export function serveDashboard(c: Context, dashboard: Dashboard): Response | null {
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD') return null;
  const { path } = c.req;
  const file = dashboard.files.get(path) ?? dashboard.files.get(documentFile(path));
  if (file !== undefined && path !== '/index.html') return serveFile(c, path, file);
  const wantsPage = c.req.header('accept')?.includes('text/html') === true;
  return wantsPage && !notPages.test(path) ? servePage(c, dashboard) : null;
}

/** Where the page of the documentation is that this path asks for. */
function documentFile(path: string): string {
  const name = path.replace(/\/$/, '');
  return `${name === '/docs' ? '/docs/index' : name}.html`;
}

function serveFile(c: Context, path: string, file: DashboardFile): Response {
  secureHeaders(c);
  c.header('Content-Type', file.type);
  c.header('Content-Security-Policy', policyOf({ style: "'self'" }));
  c.header('Vary', 'Accept-Encoding');
  // Files below /assets have the hash of their content in their names.
  c.header(
    'Cache-Control',
    path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'public, max-age=3600',
  );
  const accepted = c.req.header('accept-encoding') ?? '';
  for (const [name, coding] of [
    ['brotli', 'br'],
    ['gzip', 'gzip'],
  ] as const) {
    const bytes = file[name];
    if (bytes === null || !new RegExp(`\\b${coding}\\b(?!;\\s*q=0(\\.0*)?(,|$))`).test(accepted)) {
      continue;
    }
    c.header('Content-Encoding', coding);
    return c.body(bytes);
  }
  return c.body(file.plain);
}

/** The nonce is for styles that libraries add while they run; scripts come from files alone. */
function servePage(c: Context, { page }: Dashboard): Response {
  const nonce = randomBytes(16).toString('base64');
  secureHeaders(c);
  c.header('Content-Type', 'text/html; charset=utf-8');
  c.header('Cache-Control', 'no-store');
  c.header('Content-Security-Policy', policyOf({ style: `'self' 'nonce-${nonce}'` }));
  return c.body(page.replaceAll('%NONCE%', nonce));
}

function policyOf({ style }: { readonly style: string }): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src ${style}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function secureHeaders(c: Context): void {
  c.header('Referrer-Policy', 'no-referrer');
  c.header('Cross-Origin-Opener-Policy', 'same-origin');
  c.header('Cross-Origin-Resource-Policy', 'same-origin');
  c.header('X-Frame-Options', 'DENY');
  c.header('Permissions-Policy', 'camera=(), microphone=(), geolocation=()');
}
