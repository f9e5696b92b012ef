/**
 * A signal that fires with another one, or after so many ms as `AbortSignal.timeout` does, unless it is disposed before.
 * What the platform has for both keeps timers and weak references that the collector has to look after: each step
 * of each run pays for this.
 */
export function timeLimit(
  ms: number,
  beside: AbortSignal,
): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const onAbort = () => controller.abort(beside.reason);
  if (beside.aborted) onAbort();
  else beside.addEventListener('abort', onAbort);
  const timer = setTimeout(
    () => controller.abort(new DOMException('The time limit was reached.', 'TimeoutError')),
    Math.max(1, Math.min(ms, 2 ** 31 - 1)),
  );
  timer.unref();
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      beside.removeEventListener('abort', onAbort);
    },
  };
}
