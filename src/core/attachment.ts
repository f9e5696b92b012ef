// Files that come with messages.

export interface Attachment {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  /** Why its bytes are not here, as a clause; null: they are. */
  readonly notKept: string | null;
}

/** A file as a channel read it. */
export interface GivenFile {
  readonly name: string | null;
  readonly mediaType: string | null;
  readonly bytes: Uint8Array;
}

/** A file as it is stored. */
export interface NewAttachment extends Omit<Attachment, 'id'> {
  /** Null where it is not kept. */
  readonly bytes: Uint8Array | null;
}

/** Of one message. */
export const attachmentMaxima = {
  files: 20,
  fileBytes: 10_485_760,
  allBytes: 15_728_640,
  nameLength: 255,
} as const;

const kept: readonly RegExp[] = [
  /^(?:text|image|audio|video)\//,
  /^message\/rfc822$/,
  /^application\/(?:pdf|json|xml|rtf|zip|msword|ics|pkcs7-signature|pgp-signature)$/,
  /^application\/vnd\.(?:ms-(?:excel|powerpoint|outlook)|oasis\.opendocument\.[a-z]+)$/,
  /^application\/vnd\.openxmlformats-officedocument\.[a-z.]+$/,
];

/** What mail programs send as `application/octet-stream`, by the ending of its name. */
const byEnding: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  heic: 'image/heic',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  ics: 'text/calendar',
  json: 'application/json',
  xml: 'application/xml',
  zip: 'application/zip',
  doc: 'application/msword',
  xls: 'application/vnd.ms-excel',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
};

/**
 * What of a message's files is stored: all are named, and those that are too many, too large or of a type that is not
 * kept are named without their bytes.
 */
export function toAttachments(files: readonly GivenFile[]): readonly NewAttachment[] {
  let left: number = attachmentMaxima.allBytes;
  return files.slice(0, maxNamed).map((file, index) => {
    const name = fileNameOf(file.name, index);
    const mediaType = mediaTypeOf(file.mediaType, name);
    const sizeBytes = file.bytes.byteLength;
    const notKept = whyNotKept({ index, mediaType, sizeBytes, left });
    if (notKept === null) left -= sizeBytes;
    return { name, mediaType, sizeBytes, notKept, bytes: notKept === null ? file.bytes : null };
  });
}

/** Beyond these not even the names are stored. */
const maxNamed = 100;

function whyNotKept(file: {
  readonly index: number;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly left: number;
}): string | null {
  const { files, fileBytes, allBytes } = attachmentMaxima;
  if (!kept.some((type) => type.test(file.mediaType))) return 'files of this type are not kept';
  if (file.index >= files) return `a message keeps ${files} files`;
  if (file.sizeBytes > fileBytes) return `it is larger than ${fileBytes} bytes`;
  if (file.sizeBytes > file.left) return `the files of a message may have ${allBytes} bytes`;
  return null;
}

/** A name without a path or anything that would act on a terminal or in a header. `index`: of the file, for one without. */
export function fileNameOf(given: string | null, index: number): string {
  const last = given?.split(/[\\/]/).at(-1) ?? '';
  const name = last.replace(/[\p{Cc}\p{Cf}\p{Cs}"<>|:*?]/gu, '').trim();
  const { nameLength } = attachmentMaxima;
  if (name.length <= nameLength) return /^\.*$/.test(name) ? `attachment-${index + 1}` : name;
  const ending = /\.[\p{L}\p{N}]{1,10}$/u.exec(name)?.[0] ?? '';
  return `${name.slice(0, nameLength - ending.length).toWellFormed()}${ending}`;
}

/** As given, or by the ending of its name. */
export function mediaTypeOf(given: string | null, name: string): string {
  const type = given?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const isType = /^[a-z0-9][a-z0-9.+-]{0,60}\/[a-z0-9][a-z0-9.+-]{0,120}$/.test(type);
  if (isType && type !== 'application/octet-stream') return type;
  const ending = /\.([a-z0-9]{1,5})$/.exec(name.toLowerCase())?.[1] ?? '';
  return byEnding[ending] ?? 'application/octet-stream';
}
