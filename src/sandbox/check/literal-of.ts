import type { Node, ObjectExpression } from 'acorn';

const maxDepth = 8;

/** The JSON value that an expression writes out; null when it is more than that. Nothing is executed. */
export function literalOf(node: Node, depth = 0): { readonly value: unknown } | null {
  if (depth > maxDepth) return null;
  switch (node.type) {
    case 'Literal': {
      const { value } = node as Node & { value: unknown };
      const isJson = value === null ? !('regex' in node || 'bigint' in node) : isScalar(value);
      return isJson ? { value } : null;
    }
    case 'UnaryExpression': {
      const { operator, argument } = node as Node & { operator: string; argument: Node };
      const inner = operator === '-' ? literalOf(argument, depth + 1) : null;
      return typeof inner?.value === 'number' ? { value: -inner.value } : null;
    }
    case 'TemplateLiteral': {
      const { quasis } = node as Node & { quasis: { value: { cooked?: string | null } }[] };
      const [only] = quasis;
      return quasis.length === 1 && only ? { value: only.value.cooked ?? '' } : null;
    }
    case 'ArrayExpression': {
      const { elements } = node as Node & { elements: (Node | null)[] };
      const values = elements.map((element) => element && literalOf(element, depth + 1));
      return values.includes(null) ? null : { value: values.map((each) => each?.value) };
    }
    case 'ObjectExpression':
      return objectOf(node as ObjectExpression, depth);
    default:
      return null;
  }
}

function objectOf(node: ObjectExpression, depth: number): { readonly value: unknown } | null {
  const entries: [string, unknown][] = [];
  for (const property of node.properties) {
    if (property.type !== 'Property' || property.computed || property.kind !== 'init') return null;
    const key = property.key as Node & { name?: string; value?: unknown };
    const inner = literalOf(property.value, depth + 1);
    if (inner === null) return null;
    entries.push([key.name ?? String(key.value), inner.value]);
  }
  return { value: Object.fromEntries(entries) };
}

function isScalar(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value === 'string' || typeof value === 'boolean';
}
