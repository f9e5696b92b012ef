import { ApiError } from '../../core/errors.ts';

/** The refusal of a field that cannot be written so in this dialect. */
export function unwritable(field: string, problem: string): ApiError {
  return new ApiError('unwritable_field', `Invalid request: ${field} ${problem}.`, {
    details: { [field]: problem },
  });
}
