import type { Artifact } from '../core/artifact.ts';
import { ApiError } from '../core/errors.ts';
import { isLinkGood, signLink } from '../core/link-signature.ts';
import type { Run } from '../core/run.ts';
import { listArtifacts } from '../store/artifacts.ts';
import { readKeptFile, type SpillStorage } from '../store/spills.ts';

// Files of runs as people get them: by their run, or by a link that is good for one file and a short time.

export interface ArtifactDeps extends SpillStorage {
  /** Signs links; the same over restarts and processes. */
  readonly cursorKey: Buffer;
}

/** What names a file in a link. */
export interface ArtifactLink {
  readonly runId: string;
  readonly id: string;
  /** Unix seconds. */
  readonly expires: number;
  readonly signature: string;
}

const linkLifetimeS = 15 * 60;
const purpose = 'files of runs';

/** A file of the run. Throws `not_found`. */
export async function requireArtifact(
  { db }: Pick<ArtifactDeps, 'db'>,
  { run, id }: { readonly run: Pick<Run, 'id'>; readonly id: string },
): Promise<Artifact> {
  const found = (await listArtifacts(db, run.id)).find((artifact) => artifact.id === id);
  if (found === undefined) throw new ApiError('not_found', `Run ${run.id} has no file ${id}.`);
  return found;
}

/** A link to the file. */
export function linkToArtifact(
  { cursorKey }: Pick<ArtifactDeps, 'cursorKey'>,
  of: { readonly runId: string; readonly id: string; readonly nowMs: number },
): ArtifactLink {
  const { runId, id } = of;
  const expires = Math.floor(of.nowMs / 1_000) + linkLifetimeS;
  const signature = signLink(cursorKey, { purpose, names: [runId, id], expires });
  return { runId, id, expires, signature };
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
