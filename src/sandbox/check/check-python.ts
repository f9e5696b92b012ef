import { readFile } from 'node:fs/promises';
import { type CodeProblem, type Sandbox, SandboxUnavailable } from '../../core/sandbox.ts';

const checker = new URL('../runners/check.py', import.meta.url);

/**
 * Whether Python parses, defines `main`, and `main` returns something: asked of `ast.parse`, as a call
 * in the sandbox, since only the interpreter that will run the code knows its grammar.
 */
export async function checkPython(
  sandbox: Pick<Sandbox, 'run'>,
  code: string,
): Promise<readonly CodeProblem[]> {
  const outcome = await sandbox.run({
    language: 'python',
    code: await readFile(checker, 'utf8'),
    parametersJson: JSON.stringify({ source: code }),
    timeoutMs: 20_000,
    memoryMb: 512,
    key: 'check',
  });
  if (outcome.ok) return readProblems(outcome.resultJson);
  if (outcome.failure === 'aborted') throw new SandboxUnavailable(outcome.error);
  // The parser itself gave up: nested too deep, or too large for it.
  const message = `Python could not parse the code: ${outcome.error.split('\n').at(-1)}`;
  return [{ message, line: null }];
}

function readProblems(resultJson: string): readonly CodeProblem[] {
  const { rawData } = JSON.parse(resultJson) as { rawData: readonly CodeProblem[] };
  return rawData.map(({ message, line }) => ({ message, line }));
}
