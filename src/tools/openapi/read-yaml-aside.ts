import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { YamlReply } from './yaml-main.ts';

// A megabyte of dense YAML keeps the parser busy for seconds. It is read in a thread of its own, so that everything
// else goes on, for so long and in so much memory; more is refused.

const timeoutMs = 10_000;
const resourceLimits = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 64 };
const program = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './yaml-main.ts' : './yaml-main.js', import.meta.url),
);

/** Shorter texts cost less than a thread does. */
export const mostInPlace = 16_384;

/** The value of a text. Rejects with the reason, also when it takes too long. */
export async function readYamlAside(text: string): Promise<unknown> {
  const worker = new Worker(program, { workerData: text, resourceLimits });
  const { promise, resolve, reject } = Promise.withResolvers<YamlReply>();
  const tooLong = setTimeout(
    () => reject(new Error(`it takes more than ${timeoutMs / 1_000} s to read`)),
    timeoutMs,
  );
  worker.once('message', resolve);
  worker.once('error', (cause) => reject(new Error('it takes too much to read', { cause })));
  worker.once('exit', () => reject(new Error('it could not be read')));
  try {
    const reply = await promise;
    if ('problem' in reply) throw new Error(reply.problem);
    return reply.json === undefined ? undefined : JSON.parse(reply.json);
  } finally {
    clearTimeout(tooLong);
    await worker.terminate();
  }
}
