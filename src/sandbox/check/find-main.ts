import type {
  ArrowFunctionExpression,
  FunctionDeclaration,
  FunctionExpression,
  ModuleDeclaration,
  Node,
  Pattern,
  Program,
  Statement,
} from 'acorn';

export type FunctionNode = FunctionDeclaration | FunctionExpression | ArrowFunctionExpression;

/** What defines `main` at the top level of a program, and the statement that it stands in; null without one. */
export function findMain(program: Program): { readonly node: Node; readonly from: number } | null {
  for (const statement of program.body) {
    const found = mainIn(statement);
    if (found !== null) return { node: found.node, from: statement.start };
  }
  return null;
}

function mainIn(statement: Statement | ModuleDeclaration): { node: Node } | null {
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
      return statement.declaration ? mainIn(statement.declaration) : null;
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

/** Whether the node is a function written out. */
export function isFunction(node: Node): node is FunctionNode {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression'
  );
}
