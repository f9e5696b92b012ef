import { allOperations } from './operation-words.ts';

interface Placeable {
  readonly method?: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/** Names the workspace in a request that does not, where its operation takes one. */
export function namingWorkspace(
  workspace: string,
): <Request extends Placeable>(request: Request) => Request {
  const operations = allOperations().map(({ path, ...operation }) => ({
    ...operation,
    path: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
  }));
  return (request) => {
    const { method = 'GET', path, query, body } = request;
    const operation = operations.find((one) => one.method === method && one.path.test(path));
    if (operation?.query.includes('workspace_id')) {
      const workspace_id = query?.workspace_id ?? workspace;
      return { ...request, query: { ...query, workspace_id } };
    }
    if (operation?.workspaceInBody !== true || body instanceof Uint8Array) return request;
    return { ...request, body: withWorkspace(body ?? '{}', workspace) };
  };
}

/** The text stays as it is otherwise, with all the digits of its numbers. */
function withWorkspace(body: string, workspace: string): string {
  const value = parsed(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return body;
  if ('workspace_id' in value) return body;
  const rest = body.slice(body.indexOf('{') + 1);
  const comma = Object.keys(value).length === 0 ? '' : ', ';
  return `{"workspace_id": ${JSON.stringify(workspace)}${comma}${rest}`;
}

/** Null for what is no JSON: the server says what is wrong with it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
