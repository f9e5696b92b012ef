import type { ApiError, Problem } from '../../core/errors.ts';
import type { Dialect } from '../dialect.ts';
import { neoDialect } from '../neo/dialect.ts';

// What clients of OpenAI's chat completions expect: its envelope of errors, and statuses that its official
// clients repeat only where a repeat helps (they repeat 409, 429 and 5xx by themselves).

export const openAiDialect: Dialect = {
  ...neoDialect,
  name: 'openai',
  prefix: '/v1/chat',
  statusOf: {
    ...neoDialect.statusOf,
    validation_error: 400,
    unwritable_field: 400,
    conflict: 400,
    agent_update_conflict: 400,
    agent_managed_by_neo: 403,
    agent_disabled: 400,
    already_decided: 400,
    once_per_entity: 400,
    idempotency_conflict: 400,
    unprocessable: 400,
    target_entity_required: 400,
    trigger_not_dispatchable: 400,
  },
  errorBody: (error) => ({ error: openAiError(error) }),
  successBody: (answer) => answer.data,
  document: null,
};

const types: Partial<Record<Problem, string>> = {
  unauthenticated: 'authentication_error',
  forbidden: 'permission_error',
  rate_limited: 'rate_limit_error',
  internal_error: 'server_error',
  unavailable: 'server_error',
};

/** An error as OpenAI's API shows it. */
export function openAiError(error: ApiError) {
  const { problem, message, details } = error;
  const param = Object.keys(details ?? {})[0] ?? null;
  const isModel = problem === 'not_found' && param === 'model';
  return {
    message,
    type: types[problem] ?? 'invalid_request_error',
    param,
    code: isModel ? 'model_not_found' : problem,
  };
}
