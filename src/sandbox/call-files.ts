import { attachmentMaxima, fileNameOf, mediaTypeOf } from '../core/attachment.ts';
import type { CallFile } from '../core/sandbox.ts';

// Files that a call hands over while it runs. A frame's payload is a line of JSON, `{name, mediaType}`, and the
// bytes. A runner checks first, for better words; here everything is a stranger's.

/** Of one call. */
export const callFileLimits = {
  count: attachmentMaxima.files,
  fileBytes: attachmentMaxima.fileBytes,
  allBytes: attachmentMaxima.allBytes,
  headerBytes: 4_096,
} as const;

/** The call handed over what cannot be kept; the message says what, to who wrote the tool. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused';
}

/** What a call has handed over so far. A second file of a name takes the place of the first. */
export class CallFiles {
  readonly #files = new Map<string, CallFile>();

  /** Takes a frame's payload. Throws `FileRefused`. */
  add(payload: Buffer): void {
    const file = fileIn(payload, this.#files.size);
    this.#files.delete(file.name);
    this.#files.set(file.name, file);
    const { count, allBytes } = callFileLimits;
    if (this.#files.size > count) throw new FileRefused(`A call keeps ${count} files at most.`);
    const total = this.list().reduce((sum, { bytes }) => sum + bytes.length, 0);
    if (total > allBytes) {
      throw new FileRefused(`The files of a call may have ${allBytes} bytes together.`);
    }
  }

  list(): readonly CallFile[] {
    return [...this.#files.values()];
  }
}

function fileIn(payload: Buffer, index: number): CallFile {
  const end = payload.subarray(0, callFileLimits.headerBytes).indexOf('\n');
  const header = end === -1 ? null : headerIn(payload.toString('utf8', 0, end));
  if (header === null) throw new FileRefused('The code handed over a file that cannot be read.');
  const name = fileNameOf(header.name, index);
  // A copy: the payload is a part of what was read with it.
  const bytes = Buffer.from(payload.subarray(end + 1));
  if (bytes.length > callFileLimits.fileBytes) {
    throw new FileRefused(`The file ${name} has more than ${callFileLimits.fileBytes} bytes.`);
  }
  return { name, mediaType: mediaTypeOf(header.mediaType, name), bytes };
}

function headerIn(
  text: string,
): { readonly name: string; readonly mediaType: string | null } | null {
  try {
    const { name, mediaType } = JSON.parse(text) as Record<string, unknown>;
    if (typeof name !== 'string') return null;
    return { name, mediaType: typeof mediaType === 'string' ? mediaType : null };
  } catch {
    return null;
  }
}
