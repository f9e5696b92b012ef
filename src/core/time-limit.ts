/**
 * A signal that fires after so many ms, as `AbortSignal.timeout` does, unless it is disposed before. One that nobody
 * needs any more is gone at once; that of the platform keeps its timer, and what waits for it, until its time is over.
 */
export function timeLimit(ms: number): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const timer = setTimeout(
    () => controller.abort(new DOMException('The time limit was reached.', 'TimeoutError')),
    Math.max(1, Math.min(ms, 2 ** 31 - 1)),
  );
  timer.unref();
  return { signal: controller.signal, [Symbol.dispose]: () => clearTimeout(timer) };
}
