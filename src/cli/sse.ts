// Server-sent events as the HTML standard parses them
// (https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream).

export interface ServerEvent {
  readonly event: string;
  readonly data: string;
  /** The last id seen on this stream, which may have come with an earlier event. */
  readonly id: string;
}

/** What a stream yields: an event, or the server's wish for how long to wait before a reconnection. */
export type StreamItem =
  | ({ readonly kind: 'event' } & ServerEvent)
  | { readonly kind: 'retry'; readonly retryMs: number };

/**
 * Reads events from the bytes of a stream, however they are split. An event that the end of the stream
 * cuts off is dropped, as the standard says: its id was not taken, so a resumed stream has it again.
 */
export async function* readEvents(
  bytes: AsyncIterable<Uint8Array>,
  lastId = '',
): AsyncGenerator<StreamItem> {
  let id = lastId;
  let event = '';
  let data: string[] = [];
  for await (const line of readLines(bytes)) {
    if (line === '') {
      if (data.length > 0) {
        yield { kind: 'event', event: event || 'message', data: data.join('\n'), id };
      }
      event = '';
      data = [];
      continue;
    }
    const [field, value] = fieldOf(line);
    if (field === 'data') data.push(value);
    else if (field === 'event') event = value;
    else if (field === 'id' && !value.includes('\0')) id = value;
    else if (field === 'retry' && /^\d+$/.test(value)) {
      yield { kind: 'retry', retryMs: Number(value) };
    }
  }
}

/** A line that begins with a colon is a comment: its field is empty, and nothing knows that one. */
function fieldOf(line: string): [string, string] {
  const colon = line.indexOf(':');
  if (colon === -1) return [line, ''];
  const value = line.slice(colon + 1);
  return [line.slice(0, colon), value.startsWith(' ') ? value.slice(1) : value];
}

/** Lines end with CR LF, LF or CR; a CR at the end of a chunk may be the first half of CR LF. */
async function* readLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let pending = '';
  let afterReturn = false;
  for await (const chunk of bytes) {
    let text = decoder.decode(chunk, { stream: true });
    if (text === '') continue;
    if (afterReturn && text.startsWith('\n')) text = text.slice(1);
    afterReturn = text === '' ? false : text.endsWith('\r');
    const lines = (pending + text).split(/\r\n|\n|\r/);
    pending = lines.pop() ?? '';
    yield* lines;
  }
}
