import { crc32 } from 'node:zlib';
import { messagesWire } from './fake-anthropic.ts';
import { chatWire } from './fake-openai-chat.ts';
import { responsesWire } from './fake-openai-responses.ts';
import { type FakeAnswer, type FakeUsage, pieces, type Wire } from './fake-wire.ts';

// Answers as providers document them, whole and streamed, with the counts that each of them sends. What a
// count includes differs: Anthropic and Bedrock count the prompt without its cached tokens, Google the answer
// without its thoughts.

export interface WireAnswer {
  /** The body, whole. */
  whole(answer: FakeAnswer, model: string): Response;
  /** The body as a stream; `cutAfter`: the connection ends after so many events. */
  stream(answer: FakeAnswer, model: string, cutAfter?: number): Response;
}

export const chat = ofWire(chatWire);
export const responses = ofWire(responsesWire);
export const messages = ofWire(messagesWire);

/** https://docs.mistral.ai/api/#tag/chat: counts come with the last piece, and no chunk is without one. */
export const mistral = ofWire(withLast((last, counts) => ({ ...last, usage: counts })));
/** https://console.groq.com/docs/text-chat#streaming: counts come in a field of its own. */
export const groq = ofWire(
  withLast((last, counts) => ({ ...last, x_groq: { id: 'req_1', usage: counts } })),
);

function withLast(join: (last: object, counts: object) => object): Wire {
  return {
    ...chatWire,
    events: (answer, body) => {
      const events = chatWire.events(answer, body);
      const read = (at: number) => JSON.parse((events.at(at) ?? '').replace(/^data: /, ''));
      const joined = join(read(-3), read(-2).usage);
      return [...events.slice(0, -3), `data: ${JSON.stringify(joined)}\n\n`, events.at(-1) ?? ''];
    },
  };
}

function ofWire(wire: Wire): WireAnswer {
  const body = (model: string) => ({ model, stream_options: { include_usage: true } });
  return {
    whole: (answer, model) => Response.json(wire.whole(answer, body(model))),
    stream: (answer, model, cutAfter) => {
      const events = wire.events(answer, body(model)).map((event) => Buffer.from(event));
      return streamOf('text/event-stream', events, cutAfter);
    },
  };
}

/** https://ai.google.dev/api/generate-content#UsageMetadata */
export const google: WireAnswer = {
  whole: (answer) => Response.json(googleChunk(partsOf(answer), answer, true)),
  stream: (answer, _model, cutAfter) => {
    const all = partsOf(answer);
    const events = all.map((part, index) => {
      const chunk = googleChunk([part], answer, index === all.length - 1);
      return Buffer.from(`data: ${JSON.stringify(chunk)}\r\n\r\n`);
    });
    return streamOf('text/event-stream', events, cutAfter);
  },
};

function partsOf(answer: FakeAnswer): object[] {
  return [
    ...pieces(answer.reasoning ?? '').map((text) => ({ text, thought: true })),
    ...pieces(answer.text ?? '').map((text) => ({ text })),
    ...(answer.toolCalls ?? []).map(({ name, arguments: args }) => ({
      functionCall: { name, args },
    })),
  ];
}

function googleChunk(parts: object[], answer: FakeAnswer, isLast: boolean): object {
  const { input, output, cached = 0, reasoning = 0 } = countsOf(answer);
  return {
    candidates: [
      {
        content: { role: 'model', parts },
        index: 0,
        ...(isLast ? { finishReason: 'STOP' } : {}),
      },
    ],
    usageMetadata: {
      promptTokenCount: input,
      ...(cached > 0 ? { cachedContentTokenCount: cached } : {}),
      candidatesTokenCount: output - reasoning,
      ...(reasoning > 0 ? { thoughtsTokenCount: reasoning } : {}),
      totalTokenCount: input + output,
    },
    modelVersion: 'gemini',
    responseId: 'r1',
  };
}

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html */
export const bedrock: WireAnswer = {
  whole: (answer) =>
    Response.json({
      output: {
        message: {
          role: 'assistant',
          content: [
            ...(answer.reasoning === undefined
              ? []
              : [{ reasoningContent: { reasoningText: { text: answer.reasoning } } }]),
            ...(answer.text === undefined ? [] : [{ text: answer.text }]),
            ...(answer.toolCalls ?? []).map(({ name, arguments: input }, at) => ({
              toolUse: { toolUseId: `tool_${at}`, name, input },
            })),
          ],
        },
      },
      stopReason: answer.toolCalls === undefined ? 'end_turn' : 'tool_use',
      usage: bedrockUsage(answer),
      metrics: { latencyMs: 1 },
    }),
  stream: (answer, _model, cutAfter) => {
    const text = pieces(answer.text ?? '').map((piece) => ({
      type: 'contentBlockDelta',
      body: { contentBlockIndex: 0, delta: { text: piece } },
    }));
    const calls = (answer.toolCalls ?? []).flatMap(({ name, arguments: args }, at) => [
      {
        type: 'contentBlockStart',
        body: {
          contentBlockIndex: at + 1,
          start: { toolUse: { toolUseId: `tool_${at}`, name } },
        },
      },
      {
        type: 'contentBlockDelta',
        body: {
          contentBlockIndex: at + 1,
          delta: { toolUse: { input: typeof args === 'string' ? args : JSON.stringify(args) } },
        },
      },
      { type: 'contentBlockStop', body: { contentBlockIndex: at + 1 } },
    ]);
    const stopReason = answer.toolCalls === undefined ? 'end_turn' : 'tool_use';
    const events = [
      { type: 'messageStart', body: { role: 'assistant' } },
      ...text,
      { type: 'contentBlockStop', body: { contentBlockIndex: 0 } },
      ...calls,
      { type: 'messageStop', body: { stopReason } },
      { type: 'metadata', body: { usage: bedrockUsage(answer), metrics: { latencyMs: 1 } } },
    ];
    const frames = events.map(({ type, body }) => eventFrame(type, JSON.stringify(body)));
    return streamOf('application/vnd.amazon.eventstream', frames, cutAfter);
  },
};

function bedrockUsage(answer: FakeAnswer): object {
  const { input, output, cached = 0, cacheWrite = 0 } = countsOf(answer);
  const inputTokens = input - cached - cacheWrite;
  return {
    inputTokens,
    outputTokens: output,
    totalTokens: input + output,
    cacheReadInputTokens: cached,
    cacheWriteInputTokens: cacheWrite,
  };
}

function countsOf(answer: FakeAnswer): FakeUsage {
  if (!answer.usage) throw new Error('An answer of the corpus has counts.');
  return answer.usage;
}

/** A message of AWS's event stream: lengths, headers, payload, and checksums of each part. */
function eventFrame(eventType: string, payload: string): Buffer {
  const header = (name: string, value: string) => {
    const text = Buffer.from(value);
    const size = Buffer.alloc(2);
    size.writeUInt16BE(text.length);
    return Buffer.concat([
      Buffer.from([name.length]),
      Buffer.from(name),
      Buffer.from([7]),
      size,
      text,
    ]);
  };
  const headers = Buffer.concat([
    header(':event-type', eventType),
    header(':content-type', 'application/json'),
    header(':message-type', 'event'),
  ]);
  const body = Buffer.from(payload);
  const frame = Buffer.alloc(12 + headers.length + body.length + 4);
  frame.writeUInt32BE(frame.length, 0);
  frame.writeUInt32BE(headers.length, 4);
  frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8);
  headers.copy(frame, 12);
  body.copy(frame, 12 + headers.length);
  frame.writeUInt32BE(crc32(frame.subarray(0, -4)), frame.length - 4);
  return frame;
}

function streamOf(type: string, events: readonly Buffer[], cutAfter?: number): Response {
  let next = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (cutAfter !== undefined && next >= cutAfter) {
        return controller.error(new TypeError('terminated'));
      }
      const event = events[next++];
      if (event === undefined) controller.close();
      else controller.enqueue(new Uint8Array(event));
    },
  });
  return new Response(body, { headers: { 'content-type': type } });
}
