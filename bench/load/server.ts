import { serveApi } from '../../src/api/serve.ts';
import type { EmbeddedConnection } from '../../src/store/connect-session.ts';
import { instantModel } from '../support/instant-model.ts';
import { openProduct } from '../support/product.ts';

// A server in a process of its own, to be loaded from outside and killed.

export interface ServerOrder {
  readonly connection: EmbeddedConnection;
  readonly modelDelayMs: number;
}

export interface ServerState {
  readonly url: string;
  readonly token: string;
  readonly agentId: string;
  readonly workspaceId: string;
  /** Model calls under way at most so far. */
  readonly callsAtOnce: number;
}

process.once('message', (order) => void serve(order as ServerOrder));

async function serve({ connection, modelDelayMs }: ServerOrder): Promise<void> {
  let callsAtOnce = 0;
  let tell = () => undefined as unknown;
  const models = instantModel(modelDelayMs, (underWay) => {
    callsAtOnce = Math.max(callsAtOnce, underWay);
    tell();
  });
  const product = await openProduct({ connection, models });
  const { api: deps, agent, token } = product;
  const api = await serveApi({ deps, host: '127.0.0.1', port: 0 });
  const known = { url: api.url, token, agentId: agent.id, workspaceId: agent.workspaceId };
  const say = () => process.send?.({ ...known, callsAtOnce } satisfies ServerState);
  // Word of each call would be work beside the work that is measured.
  if (modelDelayMs > 0) tell = say;
  process.once('disconnect', async () => {
    await api[Symbol.asyncDispose]();
    await product[Symbol.asyncDispose]();
  });
  say();
}
