import type { TestApi, TestResponse } from './api.ts';

/** What makes objects: the API of a test, or a server of its own with its database. */
export interface ObjectMaker {
  readonly request: TestApi['request'];
  readonly tokens: Pick<TestApi['tokens'], 'admin'>;
  readonly deps: Pick<TestApi['deps'], 'db' | 'secretBox'>;
}

/** Posts it as the admin; the answer's `data`. */
export async function makeObject(
  api: ObjectMaker,
  path: string,
  body: object,
): Promise<TestResponse['json']> {
  const made = await api.request('POST', path, { token: api.tokens.admin, body });
  if (made.status > 202) throw new Error(`POST ${path}: ${made.status} ${made.text}`);
  return made.json.data;
}

/** Whose they are. */
export interface ObjectOwner {
  readonly workspaceId: string;
  readonly agentId: string;
  readonly runId: string;
}
