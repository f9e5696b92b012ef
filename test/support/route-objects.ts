import { type ApiObjects, createApiObjects } from './api-objects.ts';
import { addArtifact } from './artifacts.ts';
import type { ObjectMaker } from './object-maker.ts';

/** One of everything that a route can name. */
export interface RouteObjects extends ApiObjects {
  /** A file that the run made. */
  readonly artifact: string;
  /** A thread of Agent Protocol, and a run in it. */
  readonly thread: string;
  readonly threadRun: string;
}

/** Makes them in the workspace, with two runs among them. */
export async function createRouteObjects(
  api: ObjectMaker,
  workspaceId: string,
): Promise<RouteObjects> {
  const objects = await createApiObjects(api, workspaceId);
  const make = async (path: string, body: object) => {
    const sent = { token: api.tokens.admin, body, headers: { 'X-Workspace-Id': workspaceId } };
    const made = await api.request('POST', `/agent-protocol${path}`, sent);
    if (made.status !== 200) throw new Error(`POST ${path}: ${made.status} ${made.text}`);
    return made.json;
  };
  const { thread_id: thread } = await make('/threads', {});
  const asked = { assistant_id: objects.agent, input: 'Where is my order?' };
  const { run_id: threadRun } = await make(`/threads/${thread}/runs`, asked);
  const artifact = await addArtifact(api.deps.db, objects.run);
  return { ...objects, artifact, thread, threadRun };
}
