import type { Node, Program } from 'acorn';
import type { CodeProblem } from '../../core/sandbox.ts';
import { childrenOf } from './children-of.ts';
import { findImports } from './find-imports.ts';
import { type FunctionNode, findMain, isFunction } from './find-main.ts';
import { parseJavascript } from './javascript-form.ts';
import { javascriptParameters } from './javascript-parameters.ts';
import type { ReadCode } from './read-code.ts';

const fix = 'Add: async function main(params) { return { message: "..." }; }';
const none = { found: {}, unmapped: [] };

/**
 * Whether JavaScript parses, defines `main` at its top level, and `main` can return something; with what it
 * imports and what `main` takes.
 */
export function checkJavascript(code: string): ReadCode {
  const parsed = parseJavascript(code);
  if (!parsed.ok) {
    const problem = { message: `Syntax error: ${parsed.message}.`, line: parsed.line };
    return { problems: [problem], imports: [], parameters: none };
  }
  const { program, comments } = parsed;
  const main = findMain(program);
  const isRead = main !== null && isFunction(main.node);
  return {
    problems: problemsOf(program),
    imports: findImports(program),
    parameters: isRead
      ? javascriptParameters({ main: main.node as FunctionNode, from: main.from, code, comments })
      : none,
  };
}

function problemsOf(program: Program): readonly CodeProblem[] {
  const found = findMain(program);
  if (found === null) {
    const message = `The code defines no function \`main\` at its top level. ${fix}`;
    return [{ message, line: null }];
  }
  const { node } = found;
  const line = node.loc?.start.line ?? null;
  if (node.type === 'ImportDeclaration') return [];
  if (!isFunction(node)) {
    // A call or a name can give a function; only running it tells.
    if (node.type !== 'Literal' && node.type !== 'ObjectExpression') return [];
    return [{ message: '`main` must be a function.', line }];
  }
  if (node.generator === true) {
    return [{ message: '`main` must not be a generator: remove the `*`.', line }];
  }
  if (returnsSomething(node)) return [];
  const message = '`main` has no `return`. End it with: return { message: "..." };';
  return [{ message, line }];
}

/** Looks for a `return` of the function itself, without recursion: code may be nested as deep as it likes. */
function returnsSomething(main: FunctionNode): boolean {
  if (main.body.type !== 'BlockStatement') return true;
  const waiting: Node[] = [main.body];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.type === 'ReturnStatement') return true;
    if (isFunction(node) || node.type === 'ClassBody') continue;
    for (const child of childrenOf(node)) waiting.push(child);
  }
  return false;
}
