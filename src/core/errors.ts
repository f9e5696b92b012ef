// The one catalogue of what can go wrong for a caller. Each dialect renders it in its own envelope.

/** What went wrong, independent of dialect; the dialects map it to status and code. */
export const problems = {
  malformed_request: { retryable: false },
  invalid_workspace: { retryable: false },
  validation_error: { retryable: false },
  unwritable_field: { retryable: false },
  invalid_for_conversational: { retryable: false },
  unauthenticated: { retryable: false },
  forbidden: { retryable: false },
  not_found: { retryable: false },
  method_not_allowed: { retryable: false },
  conflict: { retryable: false },
  agent_update_conflict: { retryable: false },
  agent_managed_by_neo: { retryable: false },
  agent_disabled: { retryable: false },
  already_decided: { retryable: false },
  once_per_entity: { retryable: false },
  idempotency_conflict: { retryable: false },
  unprocessable: { retryable: false },
  target_entity_required: { retryable: false },
  trigger_not_dispatchable: { retryable: false },
  payload_too_large: { retryable: false },
  rate_limited: { retryable: true },
  unavailable: { retryable: true },
  internal_error: { retryable: true },
} as const;

export type Problem = keyof typeof problems;

export interface ApiErrorOptions {
  /** Field path → what is wrong with it and how to mend it. Shown to the caller. */
  readonly details?: Record<string, string>;
  /** Seconds after which a repeat makes sense. */
  readonly retryAfterS?: number;
  readonly cause?: unknown;
}

/** An error that a caller is told of. `message` says what is wrong, where, and what to do. */
export class ApiError extends Error {
  readonly problem: Problem;
  readonly details: Record<string, string> | undefined;
  readonly retryAfterS: number | undefined;

  constructor(problem: Problem, message: string, options: ApiErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ApiError';
    this.problem = problem;
    this.details = options.details;
    this.retryAfterS = options.retryAfterS;
  }
}
