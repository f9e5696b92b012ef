import type { Node } from 'acorn';

/** The nodes right below a node, in no certain order. */
export function childrenOf(node: Node): readonly Node[] {
  return Object.values(node).flatMap((value) => {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return values.filter(isNode);
  });
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}
