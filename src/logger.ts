import { type Logger, pino } from 'pino';

/** Log lines are JSON on stderr, so that stdout stays for people and programs. */
export function createLogger(level: string): Logger {
  return pino(
    {
      level,
      base: null,
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
