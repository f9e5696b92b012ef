import { readFile } from 'node:fs/promises';
import { type Sandbox, SandboxUnavailable } from '../../core/sandbox.ts';
import type { ReadCode } from './read-code.ts';

const checker = ['parameters.py', 'check.py'].map(
  (name) => new URL(`../runners/${name}`, import.meta.url),
);

/**
 * Whether Python parses, defines `main`, and `main` returns something; with what it imports and what `main`
 * takes. Asked of `ast.parse`, as a call in the sandbox, since only the interpreter that will run the code
 * knows its grammar.
 */
export async function checkPython(sandbox: Pick<Sandbox, 'run'>, code: string): Promise<ReadCode> {
  const parts = await Promise.all(checker.map((url) => readFile(url, 'utf8')));
  const outcome = await sandbox.run({
    language: 'python',
    code: parts.join('\n'),
    parametersJson: JSON.stringify({ source: code }),
    timeoutMs: 20_000,
    memoryMb: 512,
    key: 'check',
  });
  if (outcome.ok) {
    const { rawData } = JSON.parse(outcome.resultJson) as { rawData: ReadCode };
    const { problems, imports, parameters } = rawData;
    return { problems, imports, parameters };
  }
  if (outcome.failure === 'aborted') throw new SandboxUnavailable(outcome.error);
  // The parser itself gave up: nested too deep, or too large for it.
  const message = `Python could not parse the code: ${outcome.error.split('\n').at(-1)}`;
  return {
    problems: [{ message, line: null }],
    imports: [],
    parameters: { found: {}, unmapped: [] },
  };
}
