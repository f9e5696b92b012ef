import { createHmac } from 'node:crypto';

// Entries of the audit log, and the chain that they are in: each one's hash covers the one before.

/** A JSON value. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json };

/** Who did what, from where, and what came of it. Everything in it is hashed. */
export interface AuditFacts {
  readonly id: string;
  readonly actor: { readonly kind: string; readonly id: string; readonly name: string };
  readonly address: string | null;
  readonly request_id: string;
  /** The operation, as the API documents name it. */
  readonly action: string;
  readonly resource: string;
  readonly object_id: string | null;
  /** `unknown`: the server ended while it was under way. */
  readonly outcome: 'done' | 'failed' | 'refused' | 'unknown';
  readonly status: number | null;
  /** What changed of the object, secrets masked. */
  readonly before: Json | null;
  readonly after: Json | null;
}

export interface AuditEntry extends AuditFacts {
  readonly seq: number;
  readonly at: string;
}

export const chainStart = Buffer.alloc(32);

/** The hash of an entry, as its JSON text, after the one with the hash before it. */
export function chainHash(key: Buffer, previous: Buffer, entryText: string): Buffer {
  return createHmac('sha256', key).update(previous).update(entryText).digest();
}

const masked = '***';
const secretName =
  /secret|password|token|authorization|cookie|credential|invitation|api_?key|^key$/i;
const secretForm =
  /\b(?:capi_|neo_sk_|whsec_|sk-|xox[a-z]-|gh[a-z]_)[\w-]{8,}|\beyJ[\w-]+\.eyJ[\w-]+\.[\w-]+|(?<=\/(?:hooks|inbound|unsubscribe)\/)[\w-]+/g;
const mostOfText = 2_000;

/** A copy without what may be secret: by the names of members, and by the form of texts. */
export function maskSecrets(value: Json, isSecret = false): Json {
  if (typeof value === 'string') return isSecret && value !== '' ? masked : maskText(value);
  if (Array.isArray(value)) return value.map((item) => maskSecrets(item, isSecret));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      maskSecrets(member, isSecret || secretName.test(name)),
    ]),
  );
}

function maskText(text: string): string {
  const safe = text
    .replace(secretForm, masked)
    .replace(/(https?:\/\/)[^/\s@]+@/g, `$1${masked}@`)
    .replace(/([?&][^=&\s]+=)[^&\s]+/g, `$1${masked}`);
  return safe.length <= mostOfText ? safe : `${safe.slice(0, mostOfText)}… (${safe.length})`;
}

/** The members that differ, of two states of an object; null is none. */
export function changesBetween(
  before: Json | null,
  after: Json | null,
): { readonly before: Json | null; readonly after: Json | null } {
  if (!isObject(before) || !isObject(after)) return { before, after };
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  const only = (state: Readonly<Record<string, Json>>) =>
    Object.fromEntries(
      names.flatMap((name) => (name in state ? [[name, state[name] ?? null]] : [])),
    );
  return { before: only(before), after: only(after) };
}

function isObject(value: Json | null): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
