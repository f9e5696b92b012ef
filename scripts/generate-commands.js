// What the command line knows of the API's operations, from the OpenAPI document. Run by generate.js under the
// pinned Node: node scripts/generate-commands.js DOCUMENTS TARGET
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [documents, target] = process.argv.slice(2);
const { paths, components } = JSON.parse(readFileSync(join(documents, 'conduit.json'), 'utf8'));

const lines = Object.entries(paths).flatMap(([path, operations]) =>
  Object.entries(operations).map(([method, operation]) => {
    const { operationId, summary, parameters = [], requestBody } = operation;
    const query = parameters.filter((parameter) => parameter.in === 'query');
    return JSON.stringify({
      operationId,
      method: method.toUpperCase(),
      path,
      summary,
      query: query.map(({ name }) => name),
      hasBody: requestBody !== undefined,
      workspaceInBody: propertiesOf(requestBody).workspace_id !== undefined,
    });
  }),
);

function propertiesOf(body) {
  const schema = body?.content['application/json']?.schema ?? {};
  const named = schema.$ref?.slice('#/components/schemas/'.length);
  return (named === undefined ? schema : components.schemas[named]).properties ?? {};
}

mkdirSync(target, { recursive: true });
writeFileSync(
  join(target, 'operations.ts'),
  `// Generated from docs/openapi/conduit.json by \`npm run generate\`; do not edit.

export interface Operation {
  readonly operationId: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly summary: string;
  readonly query: readonly string[];
  readonly hasBody: boolean;
  /** The body may name the workspace. */
  readonly workspaceInBody: boolean;
}

/** JSON, one operation a line. */
export const operationLines = String.raw\`${lines.join('\n').replaceAll('`', "'").replaceAll('${', '$ {')}\`;
`,
);
