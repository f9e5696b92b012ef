import { ApiError } from '../core/errors.ts';
import { RawJson, stringifyJson } from '../core/raw-json.ts';
import {
  findIdempotent,
  hashBody,
  type IdempotencyFinding,
  insertIdempotent,
} from '../store/idempotency.ts';
import type { InTransaction } from '../store/workspaces.ts';
import type { Answer } from './answer.ts';
import type { ApiDeps } from './deps.ts';

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

/** Runs a create under its key: once, and every repeat gets the first one's answer. */
export async function createOnce(
  deps: ApiDeps,
  claim: IdempotencyClaim,
  create: () => Promise<Answer>,
): Promise<Answer> {
  const before = replay(await findIdempotent(deps.db, claim), claim, deps);
  if (before !== null) return before;
  try {
    return await create();
  } catch (error) {
    // Whatever stopped a repeat (the key's row, a unique name), the first one's answer is the answer.
    const after = replay(await findIdempotent(deps.db, claim), claim, deps);
    if (after !== null) return after;
    throw error;
  }
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
  found: IdempotencyFinding,
  claim: IdempotencyClaim,
  deps: Pick<ApiDeps, 'secretBox'>,
): Answer | null {
  if (found.kind === 'absent') return null;
  if (found.kind === 'other_body') throw keyConflict();
  const text = claim.sealed
    ? deps.secretBox.open(JSON.parse(found.responseJson) as string)
    : found.responseJson;
  return { status: found.status, data: new RawJson(text) };
}
