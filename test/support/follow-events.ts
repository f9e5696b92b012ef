import type { TestApi } from './api.ts';

export interface FollowedEvent {
  readonly id: string;
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into the data.
  readonly data: any;
}

/** The events of a stream as they arrive; ends when it does. */
export async function* followEvents(
  api: TestApi,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): AsyncGenerator<FollowedEvent> {
  const response = await api.app.request(path, {
    headers: { Authorization: `Bearer ${api.tokens.read}`, ...headers },
  });
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('text/event-stream')) throw new Error(`${path} is ${type}`);
  let text = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const fields = Object.fromEntries(
        text
          .slice(0, end)
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      );
      text = text.slice(end + 2);
      if (fields.event === undefined) continue;
      yield { id: fields.id ?? '', event: fields.event, data: JSON.parse(fields.data ?? '') };
    }
  }
}
