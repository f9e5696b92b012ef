import { createHash } from 'node:crypto';
import { artifactMaxima, type KeptFile } from '../core/artifact.ts';
import { newId } from '../core/ids.ts';
import type { JournalEntry } from '../core/journal.ts';
import type { CallFile } from '../core/sandbox.ts';
import type { DrivenRun } from './driven-run.ts';

// I8 for files: each is written apart before the entry that names it. What a crash leaves without an entry is swept,
// and a call that is repeated hands its files over anew, so that the journal names each once.

export interface KeptFiles {
  readonly artifacts: readonly KeptFile[];
  /** What the model is told of them. */
  readonly note: string;
}

/** Keeps the files of a call; null where it has none. What is too much for a run is not kept, and the model told so. */
export async function keepFiles(
  driven: Pick<DrivenRun, 'entries' | 'spills'>,
  given: {
    readonly step: number;
    readonly files: readonly CallFile[];
    readonly signal: AbortSignal;
  },
): Promise<KeptFiles | null> {
  const { step, files, signal } = given;
  if (files.length === 0) return null;
  const before = driven.entries.flatMap(artifactsIn);
  let roomFiles = artifactMaxima.files - before.length;
  let roomBytes = artifactMaxima.bytes - before.reduce((sum, file) => sum + file.sizeBytes, 0);
  const artifacts: KeptFile[] = [];
  const refused: string[] = [];
  for (const { name, mediaType, bytes } of files) {
    if (roomFiles < 1 || roomBytes < bytes.length) {
      refused.push(name);
      continue;
    }
    roomFiles -= 1;
    roomBytes -= bytes.length;
    const id = newId('artifact');
    await driven.spills.keepFile({ id, step, bytes }, signal);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    artifacts.push({ id, name, mediaType, sizeBytes: bytes.length, sha256 });
  }
  return { artifacts, note: noteOf(artifacts, refused) };
}

/** The files that an entry names. */
export function artifactsIn(entry: JournalEntry): readonly KeptFile[] {
  if (entry.type !== 'tool' || entry.state === 'started') return [];
  return entry.data.artifacts ?? [];
}

function noteOf(artifacts: readonly KeptFile[], refused: readonly string[]): string {
  const kept = artifacts.map(({ name, sizeBytes }) => `${name} (${sizeBytes} bytes)`).join(', ');
  const { files, bytes } = artifactMaxima;
  return [
    ...(kept === '' ? [] : [`\n[Files kept with this run: ${kept}]`]),
    ...(refused.length === 0
      ? []
      : [
          `\n[Not kept, since a run keeps ${files} files and ${bytes} bytes: ${refused.join(', ')}]`,
        ]),
  ].join('');
}
