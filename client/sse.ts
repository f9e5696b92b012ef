// Server-sent events as the HTML standard parses them
// (https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream). Over `fetch`,
// since EventSource can send neither a token nor the id to begin after.

export interface ServerEvent {
  readonly event: string;
  readonly data: string;
  /** The last id seen on this stream, which may have come with an earlier event. */
  readonly id: string;
}

/**
 * Reads events from the bytes of a stream, however they are split. An event that the end of the stream
 * cuts off is dropped, as the standard says: its id was not taken, so a resumed stream has it again.
 */
export async function* readEvents(
  bytes: ReadableStream<Uint8Array>,
  lastId = '',
): AsyncGenerator<ServerEvent> {
  let id = lastId;
  let event = '';
  let data: string[] = [];
  for await (const line of readLines(bytes)) {
    if (line === '') {
      if (data.length > 0) yield { event: event || 'message', data: data.join('\n'), id };
      event = '';
      data = [];
      continue;
    }
    const [field, value] = fieldOf(line);
    if (field === 'data') data.push(value);
    else if (field === 'event') event = value;
    else if (field === 'id' && !value.includes('\0')) id = value;
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
async function* readLines(bytes: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = bytes.getReader();
  const decoder = new TextDecoder();
  let pending = '';
  let afterReturn = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      let text = decoder.decode(value, { stream: true });
      if (text === '') continue;
      if (afterReturn && text.startsWith('\n')) text = text.slice(1);
      afterReturn = text === '' ? false : text.endsWith('\r');
      const lines = (pending + text).split(/\r\n|\n|\r/);
      pending = lines.pop() ?? '';
      yield* lines;
    }
  } finally {
    // A reader that leaves early lets the connection go.
    await reader.cancel().catch(() => undefined);
  }
}
