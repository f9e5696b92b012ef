import { openByHand } from '../../../engines/temporal/testing/by-hand.ts';
import { startTemporalServer } from '../../../test/support/temporal-server.ts';
import { type OpenSubject, requireCount } from '../subject.ts';
import { payload, steps } from '../work.ts';

// A workflow as Temporal's own documentation writes it: the three steps are three activities. What they give is in
// its history, which is all that there is of a run; Postgres has no part in it.

export const openTemporalByHand: OpenSubject = async () => {
  await using undo = new AsyncDisposableStack();
  const server = undo.use(await startTemporalServer());
  const hand = undo.use(await openByHand(server.address, steps));
  const owned = undo.move();
  return {
    run: () => hand.run(payload),
    async verify(runs) {
      requireCount('completed workflows', await hand.completed(runs), runs);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};
