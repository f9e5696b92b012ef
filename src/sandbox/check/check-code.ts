import type { ToolLanguage } from '../../core/custom-tool.ts';
import type { CheckedCode, CodeProblem, Sandbox } from '../../core/sandbox.ts';
import { limits } from '../limits.ts';
import { checkJavascript } from './check-javascript.ts';
import { checkPython } from './check-python.ts';
import { type Importable, judgeImports } from './judge-imports.ts';

/** Static checks of a tool's code: nothing of it is executed. Without problems it is valid. */
export async function checkCode(
  sandbox: Pick<Sandbox, 'run'>,
  given: {
    readonly language: ToolLanguage;
    readonly code: string;
    readonly importable: Importable;
  },
): Promise<CheckedCode> {
  const { language, code, importable } = given;
  const unreadable = checkText(code);
  if (unreadable !== null) {
    return { problems: [unreadable], packages: [], parameters: { found: {}, unmapped: [] } };
  }
  const read = language === 'javascript' ? checkJavascript(code) : await checkPython(sandbox, code);
  const { packages, problems } = judgeImports(language, read.imports, importable);
  return {
    problems: [...read.problems, ...problems],
    packages,
    parameters: read.parameters,
  };
}

function checkText(code: string): CodeProblem | null {
  const size = Buffer.byteLength(code);
  if (size > limits.maxCodeBytes) {
    const message = `The code is ${size} bytes; at most ${limits.maxCodeBytes} are allowed. Shorten it.`;
    return { message, line: null };
  }
  const nul = code.indexOf('\0');
  if (nul >= 0)
    return { message: 'The code has a NUL character. Remove it.', line: lineAt(code, nul) };
  if (!code.isWellFormed()) {
    const surrogate = code.search(loneSurrogate);
    const message =
      'The code has half a character (a lone surrogate). Remove it or write an escape.';
    return { message, line: lineAt(code, surrogate) };
  }
  if (code.trim() === '') return { message: 'The code is empty. Define `main`.', line: null };
  return null;
}

const loneSurrogate = /\p{Surrogate}/u;

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
