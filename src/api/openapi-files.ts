import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { conduitDialect } from './conduit/dialect.ts';
import { conduitRoutes } from './conduit/routes.ts';
import { neoDialect } from './neo/dialect.ts';
import { neoRoutes } from './neo/routes.ts';
import { openApiDocument } from './openapi.ts';

/** Writes each dialect's OpenAPI document to the folder, as `<dialect>.json`. */
export function writeOpenApiDocuments(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const documents = [
    { dialect: conduitDialect, routes: conduitRoutes },
    { dialect: neoDialect, routes: neoRoutes },
  ];
  for (const { dialect, routes } of documents) {
    const text = JSON.stringify(openApiDocument(dialect, routes), null, 2);
    writeFileSync(join(folder, `${dialect.name}.json`), `${text}\n`);
  }
}
