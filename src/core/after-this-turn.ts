/**
 * Resolves when the event loop has dealt with all that had arrived: what many sockets bring at once, each with a
 * callback of its own, travels together. Nothing is waited for. `turns`: a second one brings in what arrived
 * while the first was dealt with, which under load is as much again.
 */
export async function afterThisTurn(turns: 1 | 2 = 1): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
}
