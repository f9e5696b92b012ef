/** An answer that is none of 2xx: what the server says is wrong, in its own words. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** The `/public-api` dialect's code; null in `/v1`, which has sentences only. */
  readonly code: string | null;
  readonly requestId: string | null;

  constructor(
    message: string,
    about: {
      readonly status: number;
      readonly code?: string | null;
      readonly requestId?: string | null;
    },
  ) {
    super(message);
    this.status = about.status;
    this.code = about.code ?? null;
    this.requestId = about.requestId ?? null;
  }
}

/** Nobody answered, after all tries. The cause is what the last one ended with. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** The error that an answer stands for, by its parsed body or its text. */
export function errorOf(response: Response, body: unknown): ApiError {
  const requestId = response.headers.get('x-request-id');
  const status = response.status;
  const given = typeof body === 'object' && body !== null && 'error' in body ? body.error : null;
  if (typeof given === 'string') return new ApiError(given, { status, requestId });
  if (typeof given === 'object' && given !== null && 'message' in given) {
    const code = 'code' in given ? String(given.code) : null;
    return new ApiError(String(given.message), { status, code, requestId });
  }
  const words = response.statusText === '' ? '' : ` ${response.statusText}`;
  return new ApiError(`The server answered ${status}${words}.`, { status, requestId });
}
