import type { Logger } from './core/logger.ts';

export function everyHour(work: () => Promise<unknown>, logger: Logger): Disposable {
  return every(3_600_000, work, logger);
}

export function every(ms: number, work: () => Promise<unknown>, logger: Logger): Disposable {
  const timer = setInterval(() => {
    work().catch((error: unknown) => logger.warn({ err: error }, 'Housekeeping failed'));
  }, ms);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
