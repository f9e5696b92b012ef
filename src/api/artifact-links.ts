import { z } from '@hono/zod-openapi';
import type { Artifact } from '../core/artifact.ts';
import { linkToArtifact, openArtifactLink } from '../runs/artifacts.ts';
import type { ApiDeps } from './deps.ts';
import { asDownload } from './download.ts';
import { type Call, defineRoute } from './route.ts';
import { expiryOf, proofIn, signedQuery, signedUrl } from './signed-links.ts';

// Links to files of runs: good for one file and a short time, without a credential.

export const downloadByLink = defineRoute(
  {
    method: 'get',
    path: '/artifacts/{artifact_id}',
    operationId: 'downloadArtifact',
    tag: 'runs',
    summary: 'Download a file of a run by its link',
    resource: 'run',
    right: 'public',
    workspace: 'none',
    params: z.object({ artifact_id: z.string() }),
    query: z.object({ run: z.string().default(''), ...signedQuery }),
    errors: { 403: 'The link is not valid, or not any more', 404: 'The file is not kept any more' },
    responses: { 200: { description: 'The file', contentType: 'application/octet-stream' } },
  },
  async ({ params: { artifact_id: id }, query: { run: runId, ...signed } }, deps) =>
    asDownload(await openArtifactLink(deps, { runId, id, ...proofIn(signed) })),
);

/** Where the file is to be had, and until when; null where its bytes are gone. */
export function showDownload(
  deps: Pick<ApiDeps, 'cursorKey' | 'publicUrl'>,
  call: Pick<Call, 'http'>,
  of: { readonly runId: string; readonly artifact: Artifact },
) {
  const { runId, artifact } = of;
  if (!artifact.isKept) return { download_url: null, download_url_expires_at: null };
  const { id } = artifact;
  const proof = linkToArtifact(deps, { runId, id, nowMs: Date.now() });
  return {
    download_url: signedUrl(deps, call, { path: `/artifacts/${id}`, query: { run: runId }, proof }),
    download_url_expires_at: expiryOf(proof),
  };
}
