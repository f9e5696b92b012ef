import { StringDecoder } from 'node:string_decoder';

/** What a call printed: the first `maxBytes`, as text, in the order in which it arrived. */
export class CapturedLogs {
  readonly #maxBytes: number;
  readonly #chunks: Buffer[] = [];
  #keptBytes = 0;
  #totalBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get totalBytes(): number {
    return this.#totalBytes;
  }

  add(chunk: Buffer): void {
    this.#totalBytes += chunk.length;
    const kept = chunk.subarray(0, this.#maxBytes - this.#keptBytes);
    if (kept.length === 0) return;
    this.#keptBytes += kept.length;
    this.#chunks.push(kept);
  }

  /** Null when nothing was printed. Bytes that are not UTF-8 become U+FFFD. */
  text(): string | null {
    if (this.#totalBytes === 0) return null;
    const kept = new StringDecoder('utf8').write(Buffer.concat(this.#chunks));
    const lost = this.#totalBytes - this.#keptBytes;
    return lost === 0 ? Buffer.concat(this.#chunks).toString('utf8') : `${kept}\n… ${note(lost)}`;
  }
}

function note(lostBytes: number): string {
  return `${lostBytes} more bytes were printed and not kept.`;
}
