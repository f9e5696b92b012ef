import { randomBytes } from 'node:crypto';
import type { JavascriptForm } from './check/javascript-form.ts';
import type { RunnerNetwork } from './prepared-call.ts';

// The private channel between the server and a runner: one request in, then frames out.
//
//   request: nonce (32) length (8 hex) payload: JSON of `RunnerRequest`
//   frame:   nonce (32) kind (1)  length (8 hex) payload
//
// What a tool prints goes elsewhere, so that it cannot be taken for a result. The nonce keeps apart what
// merely writes into the channel (a stray descriptor, a library) from the runner. It is no defence
// against code that sets out to lie: that shares its process with the runner, and could as well return
// the lie. So nothing here is believed: length, kind and contents are checked as a stranger's.

export interface RunnerRequest {
  readonly code: string;
  readonly parametersJson: string;
  readonly key: string;
  /** How JavaScript is to be loaded; null for Python. */
  readonly form: JavascriptForm | null;
  /** Limits that the runner puts on itself before the code: names of RLIMIT_*. Only Python can. */
  readonly limits: Readonly<Record<string, number>> | null;
  /** By name. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Null: there is none. */
  readonly network: RunnerNetwork | null;
  /** A directory of modules, for Python; null: there is none. */
  readonly packages: string | null;
}

export const frameKinds = { started: 's', file: 'a', result: 'r', failure: 'f' } as const;
export type FrameKind = (typeof frameKinds)[keyof typeof frameKinds];

export interface Frame {
  readonly kind: FrameKind;
  readonly payload: Buffer;
}

const nonceChars = 32;
const headerChars = nonceChars + 1 + 8;

export function makeNonce(): string {
  return randomBytes(nonceChars / 2).toString('hex');
}

export function encodeRequest(nonce: string, request: RunnerRequest): Buffer {
  const payload = Buffer.from(JSON.stringify(request));
  return Buffer.concat([Buffer.from(nonce + hexLength(payload.length)), payload]);
}

function hexLength(length: number): string {
  return length.toString(16).padStart(8, '0');
}

/** Bytes came that no runner of ours writes. */
export class ChannelViolation extends Error {
  override readonly name = 'ChannelViolation';

  constructor() {
    super('Something other than the runner wrote into the result channel.');
  }
}

/** Cuts the bytes of a channel into frames. Holds at most one frame. */
export class FrameReader {
  readonly #nonce: Buffer;
  readonly #maxPayloadBytes: number;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #wantedBytes = headerChars;

  constructor(nonce: string, maxPayloadBytes: number) {
    this.#nonce = Buffer.from(nonce);
    this.#maxPayloadBytes = maxPayloadBytes;
  }

  /** The frames that are complete now. Throws `ChannelViolation`. */
  read(chunk: Buffer): readonly Frame[] {
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    const frames: Frame[] = [];
    while (this.#waitingBytes >= this.#wantedBytes) {
      const bytes = Buffer.concat(this.#waiting);
      const { kind, length } = this.#header(bytes);
      this.#wantedBytes = headerChars + length;
      if (bytes.length >= this.#wantedBytes) {
        frames.push({ kind, payload: bytes.subarray(headerChars, this.#wantedBytes) });
        const rest = bytes.subarray(this.#wantedBytes);
        this.#waiting = rest.length === 0 ? [] : [rest];
        this.#waitingBytes = rest.length;
        this.#wantedBytes = headerChars;
      } else {
        this.#waiting = [bytes];
      }
    }
    return frames;
  }

  #header(bytes: Buffer): { kind: FrameKind; length: number } {
    const kind = String.fromCharCode(bytes[nonceChars] ?? 0);
    const digits = bytes.toString('latin1', nonceChars + 1, headerChars);
    const length = /^[0-9a-f]{8}$/.test(digits) ? Number.parseInt(digits, 16) : Number.NaN;
    const isOurs = bytes.subarray(0, nonceChars).equals(this.#nonce) && isFrameKind(kind);
    if (!isOurs || !(length <= this.#maxPayloadBytes)) {
      throw new ChannelViolation();
    }
    return { kind, length };
  }
}

function isFrameKind(text: string): text is FrameKind {
  return Object.values<string>(frameKinds).includes(text);
}
