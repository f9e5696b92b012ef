import type { Artifact } from '../core/artifact.ts';
import { ApiError } from '../core/errors.ts';
import { isLinkGood, type LinkProof, proveLink } from '../core/link-signature.ts';
import type { Run } from '../core/run.ts';
import { listArtifacts } from '../store/artifacts.ts';
import { readKeptFile, type SpillStorage } from '../store/spills.ts';

// Files of runs as people get them: by their run, or by a link that is good for one file and a short time.

export interface ArtifactDeps extends SpillStorage {
  /** Signs links; the same over restarts and processes. */
  readonly cursorKey: Buffer;
}

/** What names a file in a link. */
export interface ArtifactLink extends LinkProof {
  readonly runId: string;
  readonly id: string;
}

const linkLifetimeS = 15 * 60;
const purpose = 'files of runs';
const maxInlineBytes = 65_536;

/** A file of the run. Throws `not_found`. */
export async function requireArtifact(
  { db }: Pick<ArtifactDeps, 'db'>,
  { run, id }: { readonly run: Pick<Run, 'id'>; readonly id: string },
): Promise<Artifact> {
  const found = (await listArtifacts(db, run.id)).find((artifact) => artifact.id === id);
  if (found === undefined) throw new ApiError('not_found', `Run ${run.id} has no file ${id}.`);
  return found;
}

export function isMarkdown({ mediaType }: Pick<Artifact, 'mediaType'>): boolean {
  return mediaType === 'text/markdown';
}

/** The text of a markdown file that is short enough to be shown with it; null for others, and where it is gone. */
export async function readInline(
  deps: SpillStorage,
  { run, artifact }: { readonly run: Pick<Run, 'id'>; readonly artifact: Artifact },
): Promise<string | null> {
  if (!isMarkdown(artifact) || artifact.sizeBytes > maxInlineBytes) return null;
  const bytes = await readKeptFile(deps, { runId: run.id, id: artifact.id });
  return bytes?.toString('utf8') ?? null;
}

/** A link to the file. */
export function linkToArtifact(
  { cursorKey }: Pick<ArtifactDeps, 'cursorKey'>,
  of: { readonly runId: string; readonly id: string; readonly nowMs: number },
): ArtifactLink {
  const { runId, id, nowMs } = of;
  const names = [runId, id];
  return {
    runId,
    id,
    ...proveLink(cursorKey, { purpose, names, lifetimeS: linkLifetimeS, nowMs }),
  };
}

/** Throws `forbidden` for a link that was not made here, or is over; `not_found`, `unavailable`. */
export async function openArtifactLink(
  deps: ArtifactDeps,
  link: ArtifactLink & { readonly nowMs: number },
): Promise<Artifact & { readonly bytes: Buffer }> {
  const { runId, id } = link;
  if (!isLinkGood(deps.cursorKey, { ...link, purpose, names: [runId, id] })) {
    throw new ApiError('forbidden', 'The link is not valid, or not any more. Ask for a new one.');
  }
  return await readArtifact(deps, { run: { id: runId }, id });
}

/** A file with its bytes. Throws `not_found`; `unavailable` while the storage is away. */
export async function readArtifact(
  deps: SpillStorage,
  of: { readonly run: Pick<Run, 'id'>; readonly id: string },
): Promise<Artifact & { readonly bytes: Buffer }> {
  const artifact = await requireArtifact(deps, of);
  const bytes = await readKeptFile(deps, { runId: of.run.id, id: artifact.id });
  if (bytes !== null) return { ...artifact, bytes };
  throw new ApiError('not_found', `File ${artifact.id} is not kept any more.`);
}
