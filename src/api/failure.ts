import { ApiError } from '../core/errors.ts';
import { SandboxBusy, SandboxUnavailable } from '../core/sandbox.ts';
import { databaseFault, isUnstorableText } from '../store/database-fault.ts';
import { NotCommitted } from '../store/group-commit.ts';

const text = {
  database:
    'The database does not answer. What the request asked to store may be stored or not: send it again; under the same Idempotency-Key, where the route takes one, nothing is done twice.',
  sandbox: 'No sandbox is usable on this server, so no tool code can run. See /readyz.',
  busy: 'Every place in the sandbox is taken. Try again shortly.',
  unstorable: 'Invalid request: it has a NUL character where none can be kept.',
  ours: 'The server failed to handle the request. The request id names it in the log.',
} as const;

/** What a caller is told of anything thrown. An error that is ours carries no text of its own. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof SandboxBusy) {
    return new ApiError('rate_limited', text.busy, { retryAfterS: 1, cause: error });
  }
  if (error instanceof SandboxUnavailable) {
    return new ApiError('unavailable', text.sandbox, { retryAfterS: 5, cause: error });
  }
  if (causesOf(error).some(isUnstorableText)) {
    return new ApiError('validation_error', text.unstorable, { cause: error });
  }
  if (isDatabaseAway(error)) {
    return new ApiError('unavailable', text.database, { retryAfterS: 2, cause: error });
  }
  return new ApiError('internal_error', text.ours, { cause: error });
}

/** The database did not answer: who asks it once more for the same request waits once more. */
export function isDatabaseSilent(error: unknown): boolean {
  return causesOf(error).some(
    (cause) => cause instanceof NotCommitted || databaseFault(cause) === 'connection',
  );
}

function isDatabaseAway(error: unknown): boolean {
  return (
    isDatabaseSilent(error) || causesOf(error).some((cause) => databaseFault(cause) === 'transient')
  );
}

function causesOf(error: unknown): readonly unknown[] {
  const causes: unknown[] = [];
  let at = error;
  for (let depth = 0; depth < 5 && at !== undefined; depth++) {
    causes.push(at);
    at = at instanceof Error ? at.cause : undefined;
  }
  return causes;
}
