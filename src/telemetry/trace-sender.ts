import {
  convertLegacyHttpOptions,
  createOtlpHttpExportDelegate,
} from '@opentelemetry/otlp-exporter-base/node-http';
import type { Resource } from '@opentelemetry/resources';
import type { RunSpan } from './run-spans.ts';
import { spanText, valueText } from './span-text.ts';

// Spans on their way to the collector. Address, headers, TLS, compression, timeout and tries again are those of the
// SDK's exporter; what is own is the body, to which spans are written as they come: objects or texts that wait for the
// next request are what the garbage collector spends most on.

interface Batch {
  readonly bytes: Buffer;
  readonly spans: number;
}

const batchBytes = 1_048_576;
const sendEveryMs = 2_000;
/** What waits for a slow collector; beyond it the new is left out. */
const maxUnderWayBytes = 16 * batchBytes;
const tail = ']}]}]}';

export class TraceSender implements AsyncDisposable {
  readonly #delegate;
  readonly #head: string;
  readonly #onLost: (spans: number) => void;
  /** Null between a request and the next span. */
  #body: Buffer | null = null;
  #length = 0;
  #spans = 0;
  #underWayBytes = 0;
  #timer: NodeJS.Timeout | null = null;

  /** `onLost` is told of spans that were not taken. */
  constructor(given: {
    readonly resource: Resource;
    readonly scope: { readonly name: string; readonly version: string };
    readonly onLost: (spans: number) => void;
  }) {
    this.#onLost = given.onLost;
    const attributes = Object.entries(given.resource.attributes).map(
      ([key, value]) => `{"key":${JSON.stringify(key)},"value":${valueText(String(value))}}`,
    );
    this.#head = `{"resourceSpans":[{"resource":{"attributes":[${attributes.join(',')}]},"scopeSpans":[{"scope":${JSON.stringify(given.scope)},"spans":[`;
    const headers = { 'Content-Type': 'application/json' };
    this.#delegate = createOtlpHttpExportDelegate<Batch, object>(
      convertLegacyHttpOptions({}, 'TRACES', 'v1/traces', headers),
      {
        serializeRequest: ({ bytes }) => bytes,
        deserializeResponse: (data) =>
          data.length === 0 ? {} : JSON.parse(Buffer.from(data).toString()),
      },
      'otlp_http_json_span_exporter',
      { name: 'span', countItems: ({ spans }) => spans },
      undefined,
    );
  }

  add(span: RunSpan): void {
    const text = spanText(span);
    // A unit of a text is three bytes at most.
    const atMost = 3 * text.length + tail.length + 1;
    if (this.#body !== null && this.#length + atMost > this.#body.length) this.#send();
    if (this.#underWayBytes > maxUnderWayBytes) {
      this.#onLost(1);
      return;
    }
    if (this.#body === null) this.#begin(atMost);
    else this.#write(',');
    this.#write(text);
    this.#spans += 1;
  }

  /** Resolves once all that was added is sent, or given up. */
  async flush(): Promise<void> {
    this.#send();
    await this.#delegate.forceFlush();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#send();
    await this.#delegate.shutdown();
  }

  #begin(atLeast: number): void {
    this.#body = Buffer.allocUnsafeSlow(Math.max(batchBytes, 3 * this.#head.length + atLeast));
    this.#length = 0;
    this.#write(this.#head);
    this.#timer ??= setTimeout(() => this.#send(), sendEveryMs).unref();
  }

  #write(text: string): void {
    this.#length += this.#body?.write(text, this.#length) ?? 0;
  }

  #send(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#body === null) return;
    this.#write(tail);
    const batch = { bytes: this.#body.subarray(0, this.#length), spans: this.#spans };
    this.#body = null;
    this.#spans = 0;
    this.#underWayBytes += batch.bytes.length;
    this.#delegate.export(batch, ({ code }) => {
      this.#underWayBytes -= batch.bytes.length;
      if (code !== 0) this.#onLost(batch.spans);
    });
  }
}
