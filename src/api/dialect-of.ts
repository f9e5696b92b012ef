import { conduitDialect } from './conduit/dialect.ts';
import type { Dialect } from './dialect.ts';
import { mcpDialect } from './mcp/dialect.ts';
import { neoDialect } from './neo/dialect.ts';
import { openAiDialect } from './openai/dialect.ts';
import { plainDialect } from './plain-dialect.ts';

/** In which dialect a path is answered. */
export function dialectOf(path: string): Dialect {
  const isBelow = (dialect: Dialect) =>
    path === dialect.prefix || path.startsWith(`${dialect.prefix}/`);
  // The narrowest first: some lie within Conduit's.
  return [openAiDialect, mcpDialect, conduitDialect, neoDialect].find(isBelow) ?? plainDialect;
}
