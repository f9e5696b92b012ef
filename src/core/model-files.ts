import { isObject } from './is-object.ts';

// Images and documents in what runs are given and tools return: JSON objects with base64 in `data` beside a media type,
// as MCP servers, OpenAI's and Anthropic's messages have them. Models get them as files, and read the JSON without the base64.

export interface ModelFile {
  readonly name: string | null;
  readonly mediaType: string;
  /** Base64. */
  readonly data: string;
}

export interface TakenFiles {
  readonly files: readonly ModelFile[];
  /** The value with a note in place of each file's base64. */
  readonly value: unknown;
}

/** Of one value; what comes beyond stays described and is not shown. */
export const fileMaxima = { files: 20, base64Chars: 14_000_000 } as const;

const shown = /^(?:image\/(?:png|jpeg|gif|webp)|application\/pdf)$/;
const typeFields = ['media_type', 'mime_type', 'mediaType', 'mimeType'] as const;
const nameFields = ['name', 'filename', 'file_name', 'uri'] as const;

/** Whether JSON text may hold files; cheap, and never wrong with no. */
export function mayHoldFiles(json: string): boolean {
  return json.includes('"data"') && /image\/|application\/pdf/.test(json);
}

/** Takes the files out of a value. Pure: the same value gives the same files in the same order. */
export function takeFiles(value: unknown): TakenFiles {
  const files: ModelFile[] = [];
  let room: number = fileMaxima.base64Chars;
  const walk = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(walk);
    if (!isObject(part)) return part;
    const file = fileIn(part);
    if (file === null) {
      return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, walk(inner)]));
    }
    const fits = files.length < fileMaxima.files && file.data.length <= room;
    if (!fits) return { ...part, data: '[not shown: too many files, or too large]' };
    room -= file.data.length;
    files.push(file);
    return { ...part, data: `[shown as file ${files.length}]` };
  };
  const rest = walk(value);
  return { files, value: rest };
}

function fileIn(object: Readonly<Record<string, unknown>>): ModelFile | null {
  const { data } = object;
  const mediaType = textIn(object, typeFields)?.toLowerCase() ?? '';
  if (typeof data !== 'string' || data === '' || !shown.test(mediaType)) return null;
  if (data.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(data)) return null;
  return { name: textIn(object, nameFields), mediaType, data };
}

function textIn(
  object: Readonly<Record<string, unknown>>,
  fields: readonly string[],
): string | null {
  for (const field of fields) {
    const value = object[field];
    if (typeof value === 'string' && value !== '') return value;
  }
  return null;
}
