import { afterAll, beforeAll, expect, test } from 'vitest';
import { type HostileFile, hostileFiles } from '../../../test/support/hostile-files.ts';
import { Readers } from './readers.ts';
import { Unreadable } from './unreadable.ts';

// Each of them is either right text or a clear error, within bounds.

const limits = { processes: 2, timeoutMs: 6_000, memoryMiB: 768 };
/** Beyond the time limit: a loaded machine is slow to end a process, and to begin one. */
const patienceMs = 20_000;

let readers: Readers;
beforeAll(() => {
  readers = new Readers(limits);
});
afterAll(() => readers[Symbol.asyncDispose]());

async function read({ name, bytes }: HostileFile) {
  const request = {
    ...{ title: name, takesTitle: false, body: null, sourceType: 'text' as const },
    ...{ chunkBody: true, language: 'auto' },
  };
  const startedAt = performance.now();
  const outcome = await readers
    .read({ ...request, file: { bytes, name, mediaType: null } })
    .catch((error: unknown) => error);
  return { outcome, tookMs: performance.now() - startedAt };
}

test('files that are broken, hostile or huge are right text or a clear error, within bounds', async () => {
  const files = hostileFiles(5);
  expect(files.length).toBeGreaterThan(200);
  const wrong: string[] = [];
  const told = new Map<string, number>();
  const one = async (file: HostileFile) => {
    const { outcome, tookMs } = await read(file);
    const say = (what: string) => wrong.push(`${file.name}: ${what}`);
    if (tookMs > 2 * limits.timeoutMs + patienceMs) say(`took ${Math.round(tookMs)} ms`);
    if (outcome instanceof Error) {
      told.set(outcome.message, (told.get(outcome.message) ?? 0) + 1);
      if (!(outcome instanceof Unreadable)) return say(`threw ${outcome.message}`);
      if (!/^[A-Z].*\.$/s.test(outcome.message)) say(`no sentence: ${outcome.message}`);
      if (file.says !== undefined) say(`was refused: ${outcome.message}`);
      if (file.refused?.test(outcome.message) === false) say(`wrong reason: ${outcome.message}`);
      return;
    }
    const { body, chunks } = outcome as Awaited<ReturnType<Readers['read']>>;
    if (file.refused !== undefined) say(`was read: ${body.slice(0, 80)}`);
    if (file.says !== undefined && !body.includes(file.says)) say(`says ${body.slice(0, 80)}`);
    const longest = Math.max(0, ...chunks.map(({ text }) => text.length));
    if (longest > 20_000) say(`has a chunk of ${longest}`);
    if (file.says !== undefined && chunks.length === 0) say('has no chunk');
  };
  const queue = [...files];
  const workers = Array.from({ length: limits.processes }, async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) await one(file);
  });
  await Promise.all(workers);
  expect(wrong).toEqual([]);
  expect(told.size).toBeGreaterThan(5);
}, 240_000);

test('a file that takes too long or too much ends its process, and nothing else', async () => {
  await using small = new Readers({ processes: 1, timeoutMs: 1, memoryMiB: 768 });
  const request = {
    ...{ title: 't', takesTitle: false, body: 'A text.', sourceType: 'markdown' as const },
    ...{ chunkBody: true, language: 'auto', file: null },
  };
  await expect(small.read(request)).rejects.toThrow('takes longer than 0.001 s');
  await expect(small.read(request)).rejects.toThrow(Unreadable);
  await using starved = new Readers({ processes: 1, timeoutMs: 20_000, memoryMiB: 1 });
  await expect(starved.read(request)).rejects.toThrow('MiB of memory');
  expect(await readers.read(request)).toMatchObject({ body: 'A text.', language: 'english' });
});
