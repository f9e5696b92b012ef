import { z } from '@hono/zod-openapi';
import type { Artifact } from '../../core/artifact.ts';
import { stepId } from '../../core/journal.ts';
import { readArtifact, requireArtifact } from '../../runs/artifacts.ts';
import { listArtifacts } from '../../store/artifacts.ts';
import { ok } from '../answer.ts';
import { showDownload } from '../artifact-links.ts';
import type { ApiDeps } from '../deps.ts';
import { asDownload } from '../download.ts';
import { findRunOfAgent } from '../find.ts';
import { type Call, defineRoute } from '../route.ts';
import { idParam, ofObject } from './fields.ts';
import { runParams } from './run-params.ts';
import { iso } from './times.ts';

const common = { tag: 'agents', resource: 'run', right: 'read', workspace: ofObject } as const;

const artifactShape = z.object({
  id: z.string(),
  name: z.string(),
  media_type: z.string().openapi({ description: 'As the tool calls it. Downloads carry none.' }),
  size_bytes: z.number().int(),
  sha256: z.string(),
  step_id: z.string().openapi({ description: 'Of the call that handed it over.' }),
  tool: z.string(),
  created_at: z.string(),
  available: z.boolean().openapi({ description: 'False: retention has removed its bytes.' }),
  download_url: z
    .string()
    .nullable()
    .openapi({ description: 'Good for 15 minutes, without a token.' }),
  download_url_expires_at: z.string().nullable(),
});

const artifactParams = runParams.extend({
  artifact_id: idParam('File', 'af77c0dy0mgdpzmqz6tesry8w184002s'),
});

export const runArtifactRoutes = [
  defineRoute(
    {
      ...common,
      method: 'get',
      path: '/v1/agents/{id}/runs/{run_id}/artifacts',
      operationId: 'listAgentRunArtifacts',
      summary: 'List the files of a run',
      description: 'All of them, in the order in which they were committed; also while it runs.',
      params: runParams,
      responses: { 200: { description: 'Files', data: z.array(artifactShape) } },
    },
    async (call, deps) => {
      const run = await findRunOfAgent(deps, call.scope, call.params);
      const show = artifactViewer(deps, call, run.id);
      return ok((await listArtifacts(deps.db, run.id)).map(show));
    },
  ),
  defineRoute(
    {
      ...common,
      method: 'get',
      path: '/v1/agents/{id}/runs/{run_id}/artifacts/{artifact_id}',
      operationId: 'getAgentRunArtifact',
      summary: 'Get a file of a run, with a new link to it',
      params: artifactParams,
      responses: { 200: { description: 'The file', data: artifactShape } },
    },
    async (call, deps) => {
      const run = await findRunOfAgent(deps, call.scope, call.params);
      const artifact = await requireArtifact(deps, { run, id: call.params.artifact_id });
      return ok(artifactViewer(deps, call, run.id)(artifact));
    },
  ),
  defineRoute(
    {
      ...common,
      method: 'get',
      path: '/v1/agents/{id}/runs/{run_id}/artifacts/{artifact_id}/content',
      operationId: 'downloadAgentRunArtifact',
      summary: 'Download a file of a run',
      description: 'As a download: no browser is to show or run it from here.',
      params: artifactParams,
      responses: { 200: { description: 'The file', contentType: 'application/octet-stream' } },
    },
    async ({ params, scope }, deps) => {
      const run = await findRunOfAgent(deps, scope, params);
      return asDownload(await readArtifact(deps, { run, id: params.artifact_id }));
    },
  ),
];

function artifactViewer(deps: ApiDeps, call: Pick<Call, 'http'>, runId: string) {
  return (artifact: Artifact) => ({
    id: artifact.id,
    name: artifact.name,
    media_type: artifact.mediaType,
    size_bytes: artifact.sizeBytes,
    sha256: artifact.sha256,
    step_id: stepId(runId, artifact.step),
    tool: artifact.tool,
    created_at: iso(artifact.createdAt),
    available: artifact.isKept,
    ...showDownload(deps, call, { runId, artifact }),
  });
}
