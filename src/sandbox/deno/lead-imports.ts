import type { ImportDeclaration, ImportExpression, Literal, Node } from 'acorn';
import { childrenOf } from '../check/children-of.ts';
import { packageOf } from '../check/find-imports.ts';
import { parseJavascript } from '../check/javascript-form.ts';

// A tool's module is no file, and Deno takes packages from a folder for files only. So imports of packages
// are written as calls of a function that the runner has (runner-deno.mjs). Lines stay where they are.

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The code with its imports of packages led to `__signalboxImport`. What does not parse stays as it is. */
export function leadImports(code: string, packages: ReadonlyMap<string, string>): string {
  const parsed = /\bimport\b/.test(code) ? parseJavascript(code) : null;
  if (!parsed?.ok) return code;
  const edits: Edit[] = [];
  const bindings: string[] = [];
  const isPackage = (name: unknown): name is string => {
    const found = typeof name === 'string' ? packageOf(name) : null;
    return found !== null && packages.has(found);
  };
  const waiting: Node[] = [parsed.program];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (const child of childrenOf(node)) waiting.push(child);
    if (node.type === 'ImportDeclaration') {
      const declaration = node as ImportDeclaration;
      if (!isPackage(declaration.source.value)) continue;
      const name = `__signalboxModule${bindings.length}`;
      bindings.push(bindingOf(declaration, name));
      edits.push({ ...rangeOf(node), text: blank(code.slice(node.start, node.end)) });
    } else if (node.type === 'ImportExpression') {
      const source = (node as ImportExpression).source as Literal;
      if (source.type !== 'Literal' || !isPackage(source.value)) continue;
      const call = `(async () => __signalboxImport(${JSON.stringify(source.value)}))()`;
      edits.push({ ...rangeOf(node), text: call });
    }
  }
  return bindings.join('') + applied(code, edits);
}

function bindingOf({ source, specifiers }: ImportDeclaration, name: string): string {
  const parts = [`const ${name} = __signalboxImport(${JSON.stringify(source.value)});`];
  for (const specifier of specifiers) {
    const local = specifier.local.name;
    if (specifier.type === 'ImportNamespaceSpecifier') parts.push(`const ${local} = ${name};`);
    else {
      const imported =
        specifier.type === 'ImportDefaultSpecifier' ? 'default' : nameOf(specifier.imported);
      parts.push(`const ${local} = ${name}[${JSON.stringify(imported)}];`);
    }
  }
  return parts.join('');
}

function nameOf(node: Node): string {
  return 'name' in node ? String(node.name) : String((node as Literal).value);
}

function applied(code: string, edits: readonly Edit[]): string {
  let text = code;
  for (const { start, end, text: replacement } of [...edits].sort((a, b) => b.start - a.start)) {
    text = text.slice(0, start) + replacement + text.slice(end);
  }
  return text;
}

function rangeOf({ start, end }: Node): { readonly start: number; readonly end: number } {
  return { start, end };
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}
