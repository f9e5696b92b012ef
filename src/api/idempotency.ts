import { ApiError } from '../core/errors.ts';
import { RawJson, stringifyJson } from '../core/raw-json.ts';
import {
  findIdempotent,
  hashBody,
  type IdempotentAnswer,
  insertIdempotent,
} from '../store/idempotency.ts';
import type { InTransaction } from '../store/workspaces.ts';
import type { Answer } from './answer.ts';
import type { ApiDeps } from './deps.ts';
import { isDatabaseSilent } from './failure.ts';

// The first request with a key decides. Key and object are one commit; a repeat at the same time waits at
// the key's row until the first has committed or failed. Only successes are kept, for 24 hours.

/** A key as a request carries it. `bodyHash` covers the path too: another object is another request. */
export interface IdempotencyClaim {
  /** The workspace, or the token where the route has no workspace. */
  readonly workspaceId: string;
  readonly route: string;
  readonly key: string;
  readonly bodyHash: Buffer;
  /** What is kept is encrypted, since the answer holds a secret. */
  readonly sealed: boolean;
}

/** Throws `validation_error` unless the header's value can be a key. */
export function requireKeyForm(key: string): void {
  if (/^[\x20-\x7e]{1,255}$/.test(key)) return;
  const problem = 'must be 1 to 255 printable ASCII characters';
  throw new ApiError('validation_error', `Invalid request: Idempotency-Key ${problem}.`, {
    details: { 'Idempotency-Key': problem },
  });
}

/** Two requests are the same when their path and their body are, byte for byte. */
export function hashRequest(path: string, bodyText: string): Buffer {
  return hashBody(`${path}\n${bodyText}`);
}

export function keyConflict(): ApiError {
  return new ApiError(
    'idempotency_conflict',
    'This Idempotency-Key was used with another request. Use a new key for a new request.',
  );
}

/** The claim of a request whose workspace its object decides. */
export function claimIn(
  workspaceId: string,
  claim: IdempotencyClaim | null,
): IdempotencyClaim | null {
  return claim === null ? null : { ...claim, workspaceId };
}

/** Runs a create under its key: once, and every repeat gets the first one's answer. */
export async function createOnce(
  deps: ApiDeps,
  claim: IdempotencyClaim,
  create: () => Promise<Answer>,
): Promise<Answer> {
  return await doOnce(deps, claim, {
    first: create,
    again: async (kept) => replay(kept, claim, deps),
  });
}

/** Does something under its key, if it has one: `first` keeps it, and every repeat is `again` with what was kept. */
export async function doOnce<T>(
  deps: Pick<ApiDeps, 'db'>,
  claim: IdempotencyClaim | null,
  ways: {
    readonly first: () => Promise<T>;
    readonly again: (kept: IdempotentAnswer) => Promise<T>;
  },
): Promise<T> {
  if (claim === null) return await ways.first();
  const before = await findKept(deps, claim);
  if (before !== null) return await ways.again(before);
  try {
    return await ways.first();
  } catch (error) {
    if (isDatabaseSilent(error)) throw error;
    // Whatever stopped a repeat (the key's row, a unique name), what the first one did counts.
    const after = await findKept(deps, claim);
    if (after !== null) return await ways.again(after);
    throw error;
  }
}

/** What is kept under the key; null: nothing is. Throws `idempotency_conflict` for another request's. */
export async function findKept(
  { db }: Pick<ApiDeps, 'db'>,
  claim: IdempotencyClaim,
): Promise<IdempotentAnswer | null> {
  const found = await findIdempotent(db, claim);
  if (found.kind === 'other_body') throw keyConflict();
  return found.kind === 'absent' ? null : found;
}

/** Keeps the answer in the transaction that creates the object; undoes both when the key is taken. */
export function keepAnswer<T>(
  deps: Pick<ApiDeps, 'secretBox'>,
  claim: IdempotencyClaim | null,
  answerOf: (created: T) => Answer,
): InTransaction<T> {
  return async (tx, created) => {
    if (claim === null) return;
    const { status, data } = answerOf(created);
    const text = stringifyJson(data);
    const responseJson = claim.sealed ? JSON.stringify(deps.secretBox.seal(text)) : text;
    const outcome = await insertIdempotent(tx, claim, { status, responseJson });
    if (outcome.kind !== 'stored') throw keyConflict();
  };
}

function replay(
  found: IdempotentAnswer,
  claim: IdempotencyClaim,
  deps: Pick<ApiDeps, 'secretBox'>,
): Answer {
  const text = claim.sealed
    ? deps.secretBox.open(JSON.parse(found.responseJson) as string)
    : found.responseJson;
  return { status: found.status, data: new RawJson(text) };
}
