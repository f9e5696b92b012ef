import { newId } from '../../../src/core/ids.ts';
import { startCluster } from '../../../test/support/cluster.ts';
import { startTemporalServer } from '../../../test/support/temporal-server.ts';
import { dispatch } from '../../support/dispatch.ts';
import { openProduct } from '../../support/product.ts';
import type { OpenSubject } from '../subject.ts';
import { verifyProduct } from './ours.ts';

/** Ours on Temporal: API and worker in one process; a run has ended when its end is committed. */
export const openTemporalOurs: OpenSubject = async ({ connection }) => {
  await using undo = new AsyncDisposableStack();
  const { address } = undo.use(await startTemporalServer());
  const taskQueue = newId('process');
  const product = undo.use(
    await openProduct({
      connection,
      cluster: (driver) =>
        startCluster({ address, taskQueue, driver, drainMs: 2_000, maxRuns: 1_000 }),
    }),
  );
  const owned = undo.move();
  return {
    run: async () => await product.ended(await dispatch(product)),
    verify: (runs) => verifyProduct(product, runs),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};
