import { newId } from '../core/ids.ts';
import type { SpilledOutput } from '../core/journal.ts';
import { startOfCharacter } from '../core/utf8.ts';

// I8: an output over the inline limit is written apart before the step that names it; the journal, and
// with it the model, gets its ends and a handle.

export const inlineLimitBytes = 65_536;

/** What the model sees of a spilled output: less than the limit, since every later call repeats it. */
const shownBytes = { head: 16_384, tail: 8_192 } as const;
/** What people see of it without asking for it. */
const keptBytes = { head: 2_048, tail: 1_024 } as const;

/** Where a run's large outputs go. Resolves once they are committed. */
export interface SpillSink {
  write(
    spill: { readonly id: string; readonly step: number; readonly text: string },
    signal?: AbortSignal,
  ): Promise<void>;
}

/** The same, files as they are, and the way back: a spill as a whole; null when it is not there any more. */
export interface Spills extends SpillSink {
  keepFile(
    file: { readonly id: string; readonly step: number; readonly bytes: Buffer },
    signal?: AbortSignal,
  ): Promise<void>;
  read(spilled: Pick<SpilledOutput, 'spillId' | 'sizeBytes'>): Promise<string | null>;
}

export interface Spilled {
  readonly spilled: SpilledOutput;
  /** What the model reads in its place. */
  readonly modelText: string;
}

/** Writes the text apart when it is over the limit; null when it can stay. */
export async function spillIfLarge(
  sink: SpillSink,
  output: { readonly step: number; readonly text: string; readonly signal?: AbortSignal },
): Promise<Spilled | null> {
  const { step, text, signal } = output;
  // A character is three bytes of UTF-8 at most for each of its units.
  if (text.length * 3 <= inlineLimitBytes) return null;
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= inlineLimitBytes) return null;
  const id = newId('spill');
  await sink.write({ id, step, text }, signal);
  const sizeBytes = bytes.length;
  const kept = endsOf(bytes, keptBytes);
  const shown = endsOf(bytes, shownBytes);
  const note = `\n[… ${sizeBytes - shown.headBytes - shown.tailBytes} of ${sizeBytes} bytes left out here. The tool read-output reads them: handle "${id}", offset ${shown.headBytes} …]\n`;
  return {
    spilled: { spillId: id, sizeBytes, head: kept.head, tail: kept.tail },
    modelText: shown.head + note + shown.tail,
  };
}

function endsOf(bytes: Buffer, limits: { readonly head: number; readonly tail: number }) {
  const headBytes = startOfCharacter(bytes, limits.head);
  const tailStart = startOfCharacter(bytes, bytes.length - limits.tail);
  return {
    head: bytes.toString('utf8', 0, headBytes),
    headBytes,
    tail: bytes.toString('utf8', tailStart),
    tailBytes: bytes.length - tailStart,
  };
}
