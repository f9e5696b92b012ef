import { parentPort, workerData } from 'node:worker_threads';
import { readYaml } from './read-yaml.ts';

// The thread that one text is read in; see read-yaml-aside.ts.

/** What the thread says: the value as JSON text, or why there is none. */
export type YamlReply = { readonly json: string | undefined } | { readonly problem: string };

function reply(): YamlReply {
  try {
    return { json: JSON.stringify(readYaml(String(workerData))) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.postMessage(reply());
