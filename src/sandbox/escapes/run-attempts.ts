import { readFile } from 'node:fs/promises';
import type { SandboxBackend, SandboxOutcome } from '../../core/sandbox.ts';
import { createSandbox } from '../create-sandbox.ts';

// Runs a list of tools in a sandbox and prints how each ended, as JSON. A program of its own, so that it
// can be run as another user, and be killed. Says `opened` on standard error when the sandbox is.
// Arguments: one JSON object, `Attempts`.

export interface Attempts {
  readonly backend: SandboxBackend;
  readonly cacheDir: string;
  readonly tools: readonly {
    readonly name: string;
    readonly language: 'python' | 'javascript';
    /** Code, or the name of a file beside this one. */
    readonly code: string;
    readonly parameters?: object;
    readonly memoryMb?: number;
  }[];
}

if (import.meta.main) {
  const { backend, cacheDir, tools } = JSON.parse(process.argv[2] ?? '') as Attempts;
  await using sandbox = await createSandbox({ choice: backend, cacheDir });
  process.stderr.write('opened\n');
  const outcomes: Record<string, SandboxOutcome> = {};
  for (const { name, language, code, parameters = {}, memoryMb = 128 } of tools) {
    outcomes[name] = await sandbox.run({
      language,
      code: /^[\w.]+$/.test(code) ? await readFile(new URL(code, import.meta.url), 'utf8') : code,
      parametersJson: JSON.stringify(parameters),
      timeoutMs: 20_000,
      memoryMb,
      key: 'run:1',
    });
  }
  process.stdout.write(JSON.stringify(outcomes));
}
