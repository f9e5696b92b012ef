import { ApiError } from '../core/errors.ts';
import type { JournalEntry } from '../core/journal.ts';
import { type ModelFile, takeFiles } from '../core/model-files.ts';
import type { FilesOfStep } from './conversation.ts';
import type { DrivenRun } from './driven-run.ts';

type ToolEnd = Extract<JournalEntry, { type: 'tool'; data: { modelText: string } }>;

/** Of all calls, what is shown to a model again and again. */
const shownAtMost = 20;

/** The files in outputs of the run's tools, the newest so many; an output that is gone has none. */
export async function filesOfSteps(
  driven: Pick<DrivenRun, 'entries' | 'files' | 'spills'>,
): Promise<FilesOfStep> {
  const ends = driven.entries.filter(hasFiles);
  for (const entry of ends) {
    if (driven.files.has(entry.seq)) continue;
    driven.files.set(entry.seq, await filesIn(driven, entry));
  }
  let room = shownAtMost;
  const shown = new Map<number, readonly ModelFile[]>();
  for (const { seq } of ends.toReversed()) {
    const files = driven.files.get(seq) ?? [];
    shown.set(seq, files.slice(0, room));
    room -= Math.min(room, files.length);
  }
  return (seq) => shown.get(seq) ?? [];
}

function hasFiles(entry: JournalEntry): entry is ToolEnd {
  return entry.type === 'tool' && 'fileCount' in entry.data && (entry.data.fileCount ?? 0) > 0;
}

async function filesIn(
  { spills }: Pick<DrivenRun, 'spills'>,
  { data }: ToolEnd,
): Promise<readonly ModelFile[]> {
  try {
    const json = data.spilled === undefined ? data.outputJson : await spills.read(data.spilled);
    return json === null ? [] : takeFiles(JSON.parse(json)).files;
  } catch (error) {
    // Lost, or away for now: the model has the words of the result, and the run goes on.
    if (error instanceof ApiError) return [];
    throw error;
  }
}
