import {
  type Entry,
  Uint8ArrayReader,
  Uint8ArrayWriter,
  ZipReader,
  ZipWriter,
} from '@zip.js/zip.js/index-native.js';
import { ApiError } from '../core/errors.ts';
import { type SkillFileContent, skillFileName, skillMaxima } from '../core/skill.ts';
import { refusal } from '../core/validate.ts';
import { whyNotPath } from './skill-files.ts';

// Skills as ZIP archives. An archive is a stranger's: links and whatever is neither file nor folder are
// refused, sizes count as they come out, not as they are declared, and nothing is written anywhere.

const typeBits = 0o170000;
const regularFile = 0o100000;
const directory = 0o040000;
/** What systems add to archives by themselves. */
const litter = /(^|\/)(__MACOSX(\/|$)|\.DS_Store$|Thumbs\.db$)/;

/**
 * The files of an archive, whose skill is at its top or in its only folder. Throws `validation_error`,
 * `payload_too_large`. What the files must be like is judged by `checkSkillFiles`.
 */
export async function unpackSkill(archive: Uint8Array): Promise<readonly SkillFileContent[]> {
  if (archive.byteLength > skillMaxima.uploadBytes) throw tooLarge();
  const reader = new ZipReader(new Uint8ArrayReader(archive), {
    useWebWorkers: false,
    checkCrc32: true,
    checkOverlappingEntry: true,
  });
  try {
    const entries: Entry[] = [];
    for await (const entry of reader.getEntriesGenerator()) {
      if (litter.test(entry.filename)) continue;
      entries.push(entry);
      // Folders count, too.
      if (entries.length > skillMaxima.files * 4) throw badArchive('it has too many entries');
    }
    const found: SkillFileContent[] = [];
    const room = { bytes: skillMaxima.bytes };
    for (const entry of entries) {
      const file = await unpackEntry(entry, room);
      if (file !== null) found.push(file);
    }
    return withoutTopFolder(found);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw badArchive(error instanceof Error ? error.message : String(error));
  } finally {
    await reader.close();
  }
}

/** An archive with the files below a folder of the skill's name; the same bytes for the same files. */
export async function packSkill(
  name: string,
  files: readonly SkillFileContent[],
): Promise<Uint8Array<ArrayBuffer>> {
  const writer = new ZipWriter(new Uint8ArrayWriter(), {
    useWebWorkers: false,
    extendedTimestamp: false,
    lastModDate: new Date(1980, 0, 1),
    keepOrder: true,
  });
  for (const { path, content, isExecutable } of files) {
    await writer.add(`${name}/${path}`, new Uint8ArrayReader(content), {
      unixMode: regularFile | (isExecutable ? 0o755 : 0o644),
    });
  }
  return await writer.close();
}

async function unpackEntry(
  entry: Entry,
  room: { bytes: number },
): Promise<SkillFileContent | null> {
  const { filename: path } = entry;
  const type = (entry.unixMode ?? 0) & typeBits;
  if (entry.directory || type === directory) return null;
  if (entry.symlink || (type !== 0 && type !== regularFile)) {
    throw badArchive(
      `"${path}" is a link or a special file, and only files and folders may be in it`,
    );
  }
  const why = whyNotPath(path);
  if (why !== null) throw badArchive(`the path "${path}" ${why}`);
  if (entry.encrypted) throw badArchive(`"${path}" is encrypted`);
  const chunks: Uint8Array[] = [];
  const sink = new WritableStream<Uint8Array>({
    write(chunk) {
      room.bytes -= chunk.byteLength;
      if (room.bytes < 0) throw tooLarge();
      chunks.push(chunk);
    },
  });
  if (entry.uncompressedSize > room.bytes) throw tooLarge();
  await entry.getData(sink);
  return { path, content: Buffer.concat(chunks), isExecutable: entry.executable };
}

function withoutTopFolder(files: readonly SkillFileContent[]): readonly SkillFileContent[] {
  if (files.some(({ path }) => path === skillFileName)) return files;
  const [top] = files[0]?.path.split('/') ?? [];
  const prefix = `${top}/`;
  if (!files.every(({ path }) => path.startsWith(prefix))) return files;
  return files.map((file) => ({ ...file, path: file.path.slice(prefix.length) }));
}

function tooLarge(): ApiError {
  return new ApiError(
    'payload_too_large',
    `The skill is too large: at most ${skillMaxima.uploadBytes} bytes as an archive, and ${skillMaxima.bytes} unpacked.`,
  );
}

function badArchive(reason: string): ApiError {
  return refusal(new Map([['archive', `cannot be read as a skill: ${reason.replace(/\.$/, '')}`]]));
}
