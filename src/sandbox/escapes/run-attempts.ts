import { readFile } from 'node:fs/promises';
import type { Sandbox, SandboxBackend, SandboxOutcome } from '../../core/sandbox.ts';
import { createSandbox } from '../create-sandbox.ts';
import { openEgress } from '../egress/proxy.ts';
import { descendantsOf } from './processes.ts';

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
    /** Code, or the names of files beside this one. */
    readonly code: string;
    readonly parameters?: object;
    readonly memoryMb?: number;
    readonly timeoutMs?: number;
  }[];
}

export interface Attempted {
  readonly outcomes: Readonly<Record<string, SandboxOutcome>>;
  /** The next call of each language, after all of them. */
  readonly next: readonly SandboxOutcome[];
  /** Names that everything in this process has now. */
  readonly polluted: readonly string[];
  /** Processes after the sandbox has closed. */
  readonly left: number;
}

const nothing = {
  python: 'def main():\n    return {"message": ""}',
  javascript: 'const main = () => ({ message: "" });',
} as const;

/** Code as it is, or that of the files which it names. */
export async function readTool(code: string): Promise<string> {
  if (!/^[\w.-]+( [\w.-]+)*$/.test(code)) return code;
  const files = code.split(' ').map((name) => readFile(new URL(name, import.meta.url), 'utf8'));
  return (await Promise.all(files)).join('\n');
}

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

async function runAll(attempts: Attempts): Promise<Omit<Attempted, 'left'>> {
  const { backend, cacheDir, tools, network = [] } = attempts;
  await using egress = await openEgress();
  await using sandbox = await createSandbox({ choice: backend, cacheDir, egress });
  if (backend === 'jail') await warmUp(sandbox, tools, network);
  const outcomes: Record<string, SandboxOutcome> = {};
  const usual = { parametersJson: '{}', timeoutMs: 20_000, memoryMb: 128, network, key: 'run:1' };
  for (const { name, language, code, parameters = {}, ...more } of tools) {
    outcomes[name] = await sandbox.run({
      ...usual,
      ...more,
      language,
      code: await readTool(code),
      parametersJson: JSON.stringify(parameters),
      mayStart: () => process.stderr.write('calling\n') || true,
    });
  }
  const languages = [...new Set(tools.map(({ language }) => language))];
  const next: SandboxOutcome[] = [];
  for (const language of languages) {
    next.push(await sandbox.run({ ...usual, language, code: nothing[language] }));
  }
  const polluted = [Object, Array, Error].flatMap(({ prototype }) => Object.keys(prototype));
  return { outcomes, next, polluted };
}

if (import.meta.main) {
  const ran = await runAll(JSON.parse(process.argv[2] ?? '') as Attempts);
  const left = process.platform === 'linux' ? (await descendantsOf(process.pid)).length : 0;
  process.stdout.write(JSON.stringify({ ...ran, left } satisfies Attempted));
}
