import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';

// Static embeddings (WordLlama, Model2Vec): a vector for each token, their mean for a text. Weights are files that
// somebody put into the data directory: `models/<name>/model.safetensors` and `tokenizer.json`. Quick on one
// core, and no native code.

export const localModelPrefix = 'local/';

export interface LocalEmbeddings {
  /** Why there is no such model here, and what to do; null when there is one. */
  whyUnusable(model: string): string | null;
  embed(model: string, texts: readonly string[]): Promise<readonly Float32Array[]>;
}

interface Weights {
  readonly tokenizer: Tokenizer;
  readonly table: Float32Array;
  readonly dimensions: number;
}

/** Tokens of a text that are read. */
const maxTokens = 512;
/** Characters that are given to the tokenizer, which reads all it is given. */
const maxLength = 4_000;

export function createLocalEmbeddings(folder: string): LocalEmbeddings {
  const loaded = new Map<string, Promise<Weights>>();
  const folderOf = (model: string) => join(folder, model.slice(localModelPrefix.length));
  const weightsOf = (model: string) => {
    const before = loaded.get(model);
    if (before !== undefined) return before;
    const loading = load(folderOf(model));
    loaded.set(model, loading);
    // What could not be loaded is tried again by the next call.
    loading.catch(() => loaded.delete(model));
    return loading;
  };
  return {
    whyUnusable: (model) => {
      if (!/^local\/[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(model)) {
        return `"${model}" is not of the form local/name.`;
      }
      const files = ['model.safetensors', 'tokenizer.json'];
      const missing = files.find((name) => !existsSync(join(folderOf(model), name)));
      return missing === undefined ? null : `There is no ${join(folderOf(model), missing)}.`;
    },
    embed: async (model, texts) => {
      const weights = await weightsOf(model);
      const vectors: Float32Array[] = [];
      for (const [at, text] of texts.entries()) {
        // Others have a turn: a batch takes a while.
        if (at % 16 === 15) await new Promise((resolve) => setImmediate(resolve));
        vectors.push(meanOf(weights, text));
      }
      return vectors;
    },
  };
}

function meanOf({ tokenizer, table, dimensions }: Weights, text: string): Float32Array {
  const { ids } = tokenizer.encode(text.slice(0, maxLength), { add_special_tokens: false });
  const sum = new Float32Array(dimensions);
  for (const id of ids.slice(0, maxTokens)) {
    const from = id * dimensions;
    for (let at = 0; at < dimensions; at++) sum[at] = (sum[at] ?? 0) + (table[from + at] ?? 0);
  }
  return sum;
}

async function load(folder: string): Promise<Weights> {
  const config = JSON.parse(await readFile(join(folder, 'tokenizer.json'), 'utf8')) as object;
  const bytes = await readFile(join(folder, 'model.safetensors'));
  return { tokenizer: new Tokenizer(config, {}), ...readTable(bytes) };
}

interface Tensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** The first matrix of a safetensors file (https://github.com/huggingface/safetensors). */
function readTable(bytes: Buffer): Pick<Weights, 'table' | 'dimensions'> {
  const headLength = Number(bytes.readBigUInt64LE(0));
  const head = JSON.parse(bytes.toString('utf8', 8, 8 + headLength)) as Record<string, Tensor>;
  const tensor = Object.entries(head).find(
    ([name, { shape }]) => name !== '__metadata__' && shape?.length === 2,
  )?.[1];
  const [rows = 0, dimensions = 0] = tensor?.shape ?? [];
  if (tensor === undefined) throw new Error('The weights hold no table of vectors.');
  const start = bytes.byteOffset + 8 + headLength + tensor.data_offsets[0];
  const size = rows * dimensions * (tensor.dtype === 'F32' ? 4 : 2);
  const data = bytes.buffer.slice(start, start + size);
  if (tensor.dtype === 'F32') return { table: new Float32Array(data), dimensions };
  if (tensor.dtype !== 'F16') throw new Error(`Weights of type ${tensor.dtype} are not read.`);
  return { table: Float32Array.from(new Float16Array(data)), dimensions };
}
