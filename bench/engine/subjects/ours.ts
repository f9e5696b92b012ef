import { dispatchRun } from '../../../src/runs/dispatch.ts';
import { openProduct, type Product } from '../../support/product.ts';
import { type OpenSubject, requireCount } from '../subject.ts';
import { payload } from '../work.ts';

/** Ours in process: dispatch, engine and writer, without HTTP. */
export const openOurs: OpenSubject = async ({ connection }) => {
  const product = await openProduct({ connection });
  const { agent, api } = product;
  const payloadJson = JSON.stringify(payload);
  const trigger = agent.triggers[0] ?? null;
  return {
    async run() {
      const result = await dispatchRun(api, {
        agent,
        trigger,
        source: 'manual',
        payloadJson,
        entityId: null,
        additionalInstructions: null,
        traceparent: null,
        idempotency: null,
      });
      if (result.kind !== 'dispatched') throw new Error(`The dispatch was ${result.kind}.`);
      await product.ended(result.id);
    },
    verify: (runs) => verifyProduct(product, runs),
    [Symbol.asyncDispose]: () => product[Symbol.asyncDispose](),
  };
};

/** Every run is completed, with its five entries: answer, call, result, answer, end. */
export async function verifyProduct({ api }: Pick<Product, 'api'>, runs: number): Promise<void> {
  const [row] = await api.db.query<{ completed: number; entries: number }>(`
    SELECT (SELECT count(*)::int FROM runs WHERE status = 'completed') AS completed,
      (SELECT count(*)::int FROM journal) AS entries`);
  requireCount('completed runs', row?.completed ?? 0, runs);
  requireCount('journal entries', row?.entries ?? 0, runs * 5);
}
