import { RawJson, stringifyJson } from '../core/raw-json.ts';
import type { DispatchedIds, DispatchKey, DispatchResult } from '../runs/dispatch.ts';
import type { Answer } from './answer.ts';
import type { ApiDeps } from './deps.ts';
import { claimIn, findKept, type IdempotencyClaim, keyConflict } from './idempotency.ts';

/** `isRepeat`: it is the answer that was given before, and nothing was dispatched. */
export interface DispatchAnswer extends Answer {
  readonly isRepeat: boolean;
}

/** A dispatch that was judged possible, and what it is answered with. */
export interface PreparedDispatch {
  readonly answerOf: (ids: DispatchedIds) => Answer;
  readonly dispatch: (key: DispatchKey | null) => Promise<DispatchResult>;
}

/**
 * Dispatches under the request's key, if it has one. A repeat gets the first answer even where the agent
 * could not be dispatched any more, so the key is looked up before anything is judged.
 */
export async function dispatchOnce(
  deps: ApiDeps,
  request: {
    readonly claim: IdempotencyClaim | null;
    readonly workspaceId: string;
    readonly prepare: () => PreparedDispatch;
  },
): Promise<DispatchAnswer> {
  const claim = claimIn(request.workspaceId, request.claim);
  const before = claim === null ? null : await findKept(deps, claim);
  if (before !== null) return repeated({ ...before, response: before.responseJson });
  const { answerOf, dispatch } = request.prepare();
  const result = await dispatch(claim === null ? null : keyOf(claim, answerOf));
  switch (result.kind) {
    case 'dispatched':
      return { ...answerOf(result), isRepeat: false };
    case 'repeated':
      return repeated(result);
    case 'key_conflict':
      throw keyConflict();
  }
}

function repeated(kept: { readonly status: number; readonly response: string }): DispatchAnswer {
  return { status: kept.status, data: new RawJson(kept.response), isRepeat: true };
}

function keyOf(claim: IdempotencyClaim, answerOf: (ids: DispatchedIds) => Answer): DispatchKey {
  // The status does not depend on the ids, which are not known yet.
  const { status } = answerOf({ id: '', runId: '', triggerEventId: '' });
  const { route, key, bodyHash } = claim;
  return { route, key, bodyHash, status, response: (ids) => stringifyJson(answerOf(ids).data) };
}
