import { a2aDialect } from './a2a/dialect.ts';
import { agUiDialect } from './ag-ui/dialect.ts';
import { agentProtocolDialect } from './agent-protocol/dialect.ts';
import { conduitDialect } from './conduit/dialect.ts';
import type { Dialect } from './dialect.ts';
import { mcpDialect } from './mcp/dialect.ts';
import { neoDialect } from './neo/dialect.ts';
import { openAiDialect } from './openai/dialect.ts';
import { plainDialect } from './plain-dialect.ts';

// The narrowest first: some lie within Conduit's.
const dialects = [
  openAiDialect,
  mcpDialect,
  a2aDialect,
  agUiDialect,
  agentProtocolDialect,
  conduitDialect,
  neoDialect,
];

/** In which dialect a path is answered. */
export function dialectOf(path: string): Dialect {
  const isBelow = (dialect: Dialect) =>
    path === dialect.prefix || path.startsWith(`${dialect.prefix}/`);
  return dialects.find(isBelow) ?? plainDialect;
}
