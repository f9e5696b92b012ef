import { z } from '@hono/zod-openapi';
import type { Artifact } from '../../core/artifact.ts';
import { stepId } from '../../core/journal.ts';
import type { Run } from '../../core/run.ts';
import { isMarkdown, readInline, requireArtifact } from '../../runs/artifacts.ts';
import { listArtifacts } from '../../store/artifacts.ts';
import { ok } from '../answer.ts';
import { showDownload } from '../artifact-links.ts';
import type { ApiDeps } from '../deps.ts';
import { findRun } from '../find.ts';
import { type Call, defineRoute } from '../route.ts';
import { executionParams } from './executions.ts';
import { ofObject } from './fields.ts';

const common = { tag: 'Executions', resource: 'run', right: 'read', workspace: ofObject } as const;

const artifactRow = z
  .object({
    artifact_id: z.string(),
    execution_id: z.string(),
    name: z.string(),
    type: z.enum(['markdown', 'file']),
    content: z.string().nullable().openapi({
      description: 'Of one that is markdown, up to 64 KiB, where it is asked for alone.',
    }),
    mime: z.string(),
    size_bytes: z.number().int(),
    sha256: z.string(),
    step_id: z.string(),
    tool_type_name: z.string(),
    created_at: z.string().openapi({ format: 'date-time' }),
    download_url: z.string().nullable().openapi({
      description: 'Good for 15 minutes, without a key; null when it is not kept any more.',
    }),
    download_url_expires_at: z.string().nullable(),
  })
  .openapi('Artifact');

export const artifactRoutes = [
  defineRoute(
    {
      ...common,
      method: 'get',
      path: '/public-api/executions/{execution_id}/artifacts',
      operationId: 'public_api.executions_artifacts_get',
      summary: 'List the files that an execution made',
      params: executionParams,
      responses: { 200: { description: 'Success.', data: z.array(artifactRow) } },
    },
    async (call, deps) => {
      const run = await findRun(deps, call.scope, call.params.execution_id);
      const show = artifactViewer(deps, call, run);
      return ok((await listArtifacts(deps.db, run.id)).map((artifact) => show(artifact, null)));
    },
  ),
  defineRoute(
    {
      ...common,
      method: 'get',
      path: '/public-api/executions/{execution_id}/artifacts/{artifact_id}',
      operationId: 'public_api.executions_artifacts_detail_get',
      summary: 'Get a file of an execution, with a new link to it',
      params: executionParams.extend({ artifact_id: z.string() }),
      responses: { 200: { description: 'Success.', data: artifactRow } },
    },
    async (call, deps) => {
      const run = await findRun(deps, call.scope, call.params.execution_id);
      const id = call.params.artifact_id;
      const artifact = await requireArtifact(deps, { run, id });
      return ok(
        artifactViewer(deps, call, run)(artifact, await readInline(deps, { run, artifact })),
      );
    },
  ),
];

function artifactViewer(deps: ApiDeps, call: Pick<Call, 'http'>, run: Pick<Run, 'id' | 'runId'>) {
  return (artifact: Artifact, content: string | null): z.input<typeof artifactRow> => ({
    artifact_id: artifact.id,
    execution_id: run.runId,
    name: artifact.name,
    type: isMarkdown(artifact) ? 'markdown' : 'file',
    content,
    mime: artifact.mediaType,
    size_bytes: artifact.sizeBytes,
    sha256: artifact.sha256,
    step_id: stepId(run.id, artifact.step),
    tool_type_name: artifact.tool,
    created_at: artifact.createdAt.toISOString(),
    ...showDownload(deps, call, { runId: run.id, artifact }),
  });
}
