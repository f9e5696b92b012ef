import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { FakeAnswer } from '../../test/support/fake-wire.ts';
import { answer, toolCall, usage } from '../engine/work.ts';

const main = join(import.meta.dirname, '../../test/support/fake-provider-main.ts');
const used = { input: usage.inputTokens, output: usage.outputTokens };
const answers: readonly FakeAnswer[] = [
  { toolCalls: [{ name: toolCall.name, arguments: toolCall.argumentsText }], usage: used },
  { text: answer, usage: used },
];

/** A provider that speaks HTTP in a process of its own, and gives the answers of work.ts at once. */
export async function startProvider(): Promise<AsyncDisposable & { readonly url: string }> {
  await using undo = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-provider-'));
  undo.defer(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'answers.json');
  await writeFile(file, JSON.stringify(answers));
  const child = spawn(process.execPath, [main, '--answers', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  undo.defer(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const lines = createInterface(child.stdout);
  const died = exited.then(() => {
    throw new Error('The provider has ended.');
  });
  const [url] = (await Promise.race([once(lines, 'line'), died])) as [string];
  died.catch(() => {});
  // A line a request comes after it.
  lines.on('line', () => {});
  const owned = undo.move();
  return { url, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
