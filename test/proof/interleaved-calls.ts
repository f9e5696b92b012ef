import { readFile } from 'node:fs/promises';
import type { ToolLanguage } from '../../src/core/custom-tool.ts';
import type { Sandbox } from '../../src/core/sandbox.ts';

// Calls of two workspaces, by turns and at once. Each looks for files, processes, descriptors, variables,
// patched globals and strings in memory that are not its own, and then leaves such things behind.

export interface InterleavedFigures {
  readonly calls: number;
  readonly failed: number;
  /** What calls found of others. Must be 0. */
  readonly leftovers: number;
  /** Some of what was found, to see what it was. */
  readonly examples: readonly string[];
}

export async function readTool(name: string): Promise<string> {
  return await readFile(new URL(`tools/${name}`, import.meta.url), 'utf8');
}

/** In a jail, numbers below are the jail's own first process, the call's, and threads of that. */
const firstPid = 64;

export async function interleaveCalls(
  sandbox: Sandbox,
  given: { readonly calls: number; readonly atOnce: number; readonly random: () => number },
): Promise<InterleavedFigures> {
  const code: Record<ToolLanguage, string> = {
    python: await readTool('look-around.py'),
    javascript: await readTool('look-around.js'),
  };
  const found: string[] = [];
  let started = 0;
  let failed = 0;
  const caller = async () => {
    while (started < given.calls) {
      const number = started++;
      const mark = `mark-${number % 2 === 0 ? 'one' : 'other'}-${number}`;
      const language = given.random() < 0.75 ? 'python' : 'javascript';
      const outcome = await sandbox.run({
        language,
        code: code[language],
        parametersJson: JSON.stringify({ mark, directory: '/tmp', first_pid: firstPid }),
        timeoutMs: 20_000,
        memoryMb: given.random() < 0.5 ? 128 : 256,
        key: mark,
      });
      if (!outcome.ok) {
        failed += 1;
        found.push(`${mark}: ${outcome.error}`);
        continue;
      }
      const { rawData } = JSON.parse(outcome.resultJson) as { rawData: readonly string[] };
      const foreign = rawData.filter((thing) => !thing.includes(mark));
      if (outcome.message !== mark) foreign.push(`the result of ${outcome.message}`);
      found.push(...foreign.map((thing) => `${mark}: ${thing}`));
    }
  };
  await Promise.all(Array.from({ length: given.atOnce }, caller));
  return { calls: started, failed, leftovers: found.length - failed, examples: found.slice(0, 5) };
}
