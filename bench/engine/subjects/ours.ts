import { dispatch } from '../../support/dispatch.ts';
import { openProduct, type Product } from '../../support/product.ts';
import { requireCount, type Subject, type Surroundings } from '../subject.ts';

/** Ours in process: dispatch, engine and writer, without HTTP. */
export async function openOurs(
  { connection }: Surroundings,
  given: { readonly tracesPerSecond?: number } = {},
): Promise<Subject> {
  const product = await openProduct({ connection, ...given });
  return {
    run: async () => await product.ended(await dispatch(product)),
    verify: (runs) => verifyProduct(product, runs),
    [Symbol.asyncDispose]: () => product[Symbol.asyncDispose](),
  };
}

/** Every run is completed, with its five entries: answer, call, result, answer, end. */
export async function verifyProduct({ api }: Pick<Product, 'api'>, runs: number): Promise<void> {
  const [row] = await api.db.query<{ completed: number; entries: number }>(`
    SELECT (SELECT count(*)::int FROM runs WHERE status = 'completed') AS completed,
      (SELECT count(*)::int FROM journal) AS entries`);
  requireCount('completed runs', row?.completed ?? 0, runs);
  requireCount('journal entries', row?.entries ?? 0, runs * 5);
}
