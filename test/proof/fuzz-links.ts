/** Of an OpenAPI document, what links are made of. */
export interface LinkedDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, LinkedOperation>>>>;
}

interface LinkedOperation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, object>>;
}

/**
 * The document with links from what makes an object to what takes its id: `POST /v1/agents` to all of
 * `/v1/agents/{id}`. The tool's own guesses go by names, and nearly every path has an `{id}`.
 */
export function withLinks(document: LinkedDocument): LinkedDocument {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.values(methods).map(({ operationId }) => ({ path, operationId })),
  );
  const linksOf = (from: string) => {
    const made = from.endsWith('/run') ? `${from}s` : from;
    const links = operations.flatMap(({ path, operationId }) => {
      const name = path.startsWith(`${made}/{`)
        ? /^\{([a-z_]+)\}/.exec(path.slice(made.length + 1))?.[1]
        : undefined;
      // What names a second object in its body may say of that one that it is not there.
      if (name === undefined || path.endsWith('/rollback')) return [];
      const above = [...made.matchAll(/\{([a-z_]+)\}/g)].map(([, param]) => [
        param,
        `$request.path.${param}`,
      ]);
      const parameters = { ...Object.fromEntries(above), [name]: '$response.body#/data/id' };
      return [[operationId, { operationId, parameters }]];
    });
    return Object.fromEntries(links);
  };
  const paths = Object.entries(document.paths).map(([path, methods]) => [
    path,
    Object.fromEntries(
      Object.entries(methods).map(([method, operation]) => {
        if (method !== 'post') return [method, operation];
        const links = linksOf(path);
        const responses = Object.entries(operation.responses).map(([status, response]) => [
          status,
          status.startsWith('2') ? { ...response, links } : response,
        ]);
        return [method, { ...operation, responses: Object.fromEntries(responses) }];
      }),
    ),
  ]);
  return { ...document, paths: Object.fromEntries(paths) };
}
