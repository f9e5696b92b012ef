/**
 * Resolves when the event loop has dealt with all that had arrived: what many sockets bring at once, each with a
 * callback of its own, travels together. Nothing is waited for.
 */
export function afterThisTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
