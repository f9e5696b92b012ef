import { type Logger, pino } from 'pino';

/** Log lines are JSON on stderr, so that stdout stays for people and programs. */
export function createLogger(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      serializers: { err: errorFields },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: [
        'authorization',
        'token',
        'secret',
        'apiKey',
        '*.authorization',
        '*.token',
        '*.apiKey',
      ],
    },
    pino.destination({ fd: 2, sync: false }),
  );
}

/** Errors of libraries can hold whole clients, with settings and statements: only what explains is logged. */
function errorFields(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  const code = 'code' in error ? error.code : undefined;
  return {
    name,
    message,
    ...(typeof code === 'string' ? { code } : {}),
    stack,
    ...(cause === undefined ? {} : { cause: errorFields(cause) }),
  };
}
