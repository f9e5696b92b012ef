// Text that is JSON already, put into an answer as it stands (I9): parsing and printing it again
// would reorder integer-like keys and round large numbers.

/** Wraps valid JSON text so that `stringifyJson` writes it unchanged. */
export class RawJson {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  /** What code that knows nothing of raw text sees. */
  toJSON(): unknown {
    return JSON.parse(this.text) as unknown;
  }
}

/** The text as it stands where there is one, else the value. */
export function rawOr(text: string | null, value: unknown): unknown {
  return text === null ? value : new RawJson(text);
}

/** `JSON.stringify`, except that `RawJson` is written as its text. Members that are undefined are left out. */
export function stringifyJson(value: unknown): string {
  return write(value) ?? 'null';
}

function write(value: unknown): string | undefined {
  if (value instanceof RawJson) return value.text;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => write(item) ?? 'null').join(',')}]`;
  if ('toJSON' in value && typeof value.toJSON === 'function') return JSON.stringify(value);
  const members: string[] = [];
  for (const [name, member] of Object.entries(value)) {
    const text = write(member);
    if (text !== undefined) members.push(`${JSON.stringify(name)}:${text}`);
  }
  return `{${members.join(',')}}`;
}
