import { dispatchRun } from '../../src/runs/dispatch.ts';
import { payload } from '../engine/work.ts';
import type { Product } from './product.ts';

const payloadJson = JSON.stringify(payload);

/** Dispatches a run in process; its id. */
export async function dispatch({ api, agent }: Pick<Product, 'api' | 'agent'>): Promise<string> {
  const result = await dispatchRun(api, {
    agent,
    trigger: agent.triggers[0] ?? null,
    source: 'manual',
    payloadJson,
    entityId: null,
    additionalInstructions: null,
    traceparent: null,
    idempotency: null,
  });
  if (result.kind !== 'dispatched') throw new Error(`The dispatch was ${result.kind}.`);
  return result.id;
}
