import type {
  ArrowFunctionExpression,
  FunctionDeclaration,
  FunctionExpression,
  ModuleDeclaration,
  Node,
  Pattern,
  Statement,
} from 'acorn';
import type { CodeProblem } from '../../core/sandbox.ts';
import { parseJavascript } from './javascript-form.ts';

type FunctionNode = FunctionDeclaration | FunctionExpression | ArrowFunctionExpression;

const fix = 'Add: async function main(params) { return { message: "..." }; }';

/** Whether JavaScript parses, defines `main` at its top level, and `main` can return something. */
export function checkJavascript(code: string): readonly CodeProblem[] {
  const parsed = parseJavascript(code);
  if (!parsed.ok) return [{ message: `Syntax error: ${parsed.message}.`, line: parsed.line }];
  for (const statement of parsed.program.body) {
    const found = findMain(statement);
    if (found === null) continue;
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
  return [
    { message: `The code defines no function \`main\` at its top level. ${fix}`, line: null },
  ];
}

function findMain(statement: Statement | ModuleDeclaration): { node: Node } | null {
  switch (statement.type) {
    case 'FunctionDeclaration':
      return statement.id?.name === 'main' ? { node: statement } : null;
    case 'VariableDeclaration': {
      for (const { id, init } of statement.declarations) {
        if (id.type === 'Identifier' && id.name === 'main') return { node: init ?? id };
        if (id.type !== 'Identifier' && bindsMain(id)) return { node: id };
      }
      return null;
    }
    case 'ExportNamedDeclaration':
      return statement.declaration ? findMain(statement.declaration) : null;
    case 'ExportDefaultDeclaration': {
      const { declaration } = statement;
      const isMain = declaration.type === 'FunctionDeclaration' && declaration.id?.name === 'main';
      return isMain ? { node: declaration } : null;
    }
    case 'ImportDeclaration':
      return statement.specifiers.some(({ local }) => local.name === 'main')
        ? { node: statement }
        : null;
    case 'ExpressionStatement': {
      const { expression } = statement;
      if (expression.type !== 'AssignmentExpression') return null;
      const { left, right } = expression;
      const isMain =
        left.type === 'Identifier'
          ? left.name === 'main'
          : left.type === 'MemberExpression' &&
            left.property.type === 'Identifier' &&
            left.property.name === 'main';
      return isMain ? { node: right } : null;
    }
    default:
      return null;
  }
}

function bindsMain(pattern: Pattern): boolean {
  if (pattern.type === 'Identifier') return pattern.name === 'main';
  if (pattern.type !== 'ObjectPattern') return false;
  return pattern.properties.some(
    (property) => property.type === 'Property' && bindsMain(property.value),
  );
}

function isFunction(node: Node): node is FunctionNode {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression'
  );
}

/** Looks for a `return` of the function itself, without recursion: code may be nested as deep as it likes. */
function returnsSomething(main: FunctionNode): boolean {
  if (main.body.type !== 'BlockStatement') return true;
  const waiting: Node[] = [main.body];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.type === 'ReturnStatement') return true;
    if (isFunction(node) || node.type === 'ClassBody') continue;
    for (const value of Object.values(node)) {
      const children: readonly unknown[] = Array.isArray(value) ? value : [value];
      waiting.push(...children.filter(isNode));
    }
  }
  return false;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}
