import { readFile } from 'node:fs/promises';
import type { Sandbox, SandboxBackend, SandboxOutcome } from '../../core/sandbox.ts';
import { createSandbox } from '../create-sandbox.ts';
import { openEgress } from '../egress/proxy.ts';

// Runs a list of tools in a sandbox and prints how each ended, as JSON. A program of its own, so that it
// can be run as another user, and be killed. Says `calling` on standard error when a
// process is given a tool's code. In the jail, a call before each language's first has the pool start others:
// the tools run in processes that were there before them.
// Arguments: one JSON object, `Attempts`.

export interface Attempts {
  readonly backend: SandboxBackend;
  readonly cacheDir: string;
  /** Hosts that the tools may reach, by a proxy with its ordinary guard. */
  readonly network?: readonly string[];
  readonly tools: readonly {
    readonly name: string;
    readonly language: 'python' | 'javascript';
    /** Code, or the name of a file beside this one. */
    readonly code: string;
    readonly parameters?: object;
    readonly memoryMb?: number;
  }[];
}

const nothing = {
  python: 'def main():\n    return {"message": ""}',
  javascript: 'const main = () => ({ message: "" });',
} as const;

async function warmUp(
  sandbox: Sandbox,
  tools: Attempts['tools'],
  network: readonly string[],
): Promise<void> {
  const kinds = new Map(tools.map((tool) => [`${tool.language} ${tool.memoryMb}`, tool]));
  for (const { language, memoryMb = 128 } of kinds.values()) {
    const code = nothing[language];
    const call = { parametersJson: '{}', timeoutMs: 20_000, key: 'run:0' };
    await sandbox.run({ ...call, language, code, memoryMb, network });
  }
}

if (import.meta.main) {
  const { backend, cacheDir, tools, network = [] } = JSON.parse(process.argv[2] ?? '') as Attempts;
  await using egress = await openEgress();
  await using sandbox = await createSandbox({ choice: backend, cacheDir, egress });
  const outcomes: Record<string, SandboxOutcome> = {};
  if (backend === 'jail') await warmUp(sandbox, tools, network);
  for (const { name, language, code, parameters = {}, memoryMb = 128 } of tools) {
    outcomes[name] = await sandbox.run({
      language,
      code: /^[\w.]+$/.test(code) ? await readFile(new URL(code, import.meta.url), 'utf8') : code,
      parametersJson: JSON.stringify(parameters),
      timeoutMs: 20_000,
      memoryMb,
      network,
      key: 'run:1',
      mayStart: () => process.stderr.write('calling\n') || true,
    });
  }
  process.stdout.write(JSON.stringify(outcomes));
}
