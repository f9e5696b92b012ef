import { serveApi } from '../../../src/api/serve.ts';
import type { EmbeddedConnection } from '../../../src/store/connect-session.ts';
import { openProduct } from '../../support/product.ts';
import { verifyProduct } from './ours.ts';

// The server of ours-http.ts, in a process of its own: the caller's work is not the server's.

export type ServerAnswer =
  | {
      readonly kind: 'ready';
      readonly url: string;
      readonly token: string;
      readonly agentId: string;
    }
  | { readonly kind: 'verified'; readonly error: string | null };

process.once('message', (connection) => void serve(connection as EmbeddedConnection));

async function serve(connection: EmbeddedConnection): Promise<void> {
  const product = await openProduct({ connection });
  const api = await serveApi({ deps: product.api, host: '127.0.0.1', port: 0 });
  const tell = (answer: ServerAnswer) => process.send?.(answer);
  process.on('message', (runs: number) => {
    verifyProduct(product, runs).then(
      () => tell({ kind: 'verified', error: null }),
      (error: Error) => tell({ kind: 'verified', error: error.message }),
    );
  });
  process.once('disconnect', async () => {
    await api[Symbol.asyncDispose]();
    await product[Symbol.asyncDispose]();
  });
  tell({ kind: 'ready', url: api.url, token: product.token, agentId: product.agent.id });
}
