// The client's types, from the OpenAPI documents. Run by generate.js under the pinned Node:
// node scripts/generate-client.js DOCUMENTS TARGET
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// The generator works on TypeScript's syntax tree, which TypeScript 7 has no interface to.
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier === 'typescript' ? '@typescript/typescript6' : specifier, context),
});
const { default: openapiTS, astToString } = await import('openapi-typescript');

const [documents, target] = process.argv.slice(2);
const head = (name) =>
  `// Generated from docs/openapi/${name}.json by \`npm run generate\`; do not edit.\n\n`;

mkdirSync(target, { recursive: true });
const idempotent = [];
for (const name of ['conduit', 'neo']) {
  const file = join(documents, `${name}.json`);
  const types = astToString(await openapiTS(pathToFileURL(file)));
  writeFileSync(join(target, `${name}.ts`), head(name) + types);
  idempotent.push(...routesWithKey(JSON.parse(readFileSync(file, 'utf8'))));
}
writeFileSync(
  join(target, 'idempotent-routes.ts'),
  `${head('*')}/** Routes that take \`Idempotency-Key\`. */\nexport const idempotentRoutes: ReadonlySet<string> = new Set(${JSON.stringify(idempotent, null, 2)});\n`,
);

function routesWithKey({ paths }) {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([, { parameters = [] }]) =>
        parameters.some(({ name }) => name === 'Idempotency-Key'),
      )
      .map(([method]) => `${method.toUpperCase()} ${path}`),
  );
}
