import type { Node, Program } from 'acorn';
import { childrenOf } from './children-of.ts';

/** A module that code names outright. */
export interface CodeImport {
  /** As it is written: `csv-parse/sync`, `lxml.etree`. */
  readonly name: string;
  readonly line: number | null;
  /** Within a `try` or a condition: the code can do without. */
  readonly isGuarded: boolean;
}

/** What JavaScript imports by declarations, `import()` and `require()` with a literal. Without recursion. */
export function findImports(program: Program): readonly CodeImport[] {
  const found = new Map<string, CodeImport>();
  const waiting: { readonly node: Node; readonly isGuarded: boolean }[] = [
    { node: program, isGuarded: false },
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, isGuarded } = next;
    const name = importedBy(node);
    if (name !== null && (found.get(name)?.isGuarded ?? true)) {
      found.set(name, { name, line: node.loc?.start.line ?? null, isGuarded });
    }
    const guards = node.type === 'TryStatement' || node.type === 'IfStatement';
    for (const child of childrenOf(node)) {
      waiting.push({ node: child, isGuarded: isGuarded || guards });
    }
  }
  return [...found.values()];
}

/** The package in a specifier; null for what is none: a path, a URL, a module of the runtime. */
export function packageOf(specifier: string): string | null {
  if (/^(?:[./#]|[a-z][a-z0-9+]*:)/i.test(specifier)) return null;
  return /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? null;
}

function importedBy(node: Node): string | null {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
      return textOf((node as Node & { source?: Node | null }).source);
    case 'CallExpression': {
      const { callee, arguments: given } = node as Node & { callee: Node; arguments: Node[] };
      const isRequire =
        callee.type === 'Identifier' && 'name' in callee && callee.name === 'require';
      return isRequire ? textOf(given[0]) : null;
    }
    default:
      return null;
  }
}

function textOf(node: Node | null | undefined): string | null {
  if (node?.type !== 'Literal' || !('value' in node)) return null;
  return typeof node.value === 'string' ? node.value : null;
}
