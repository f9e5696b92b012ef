import {
  argumentsText,
  badToolName,
  callId,
  defaultUsage,
  type FakeAnswer,
  isJsonObject,
  type JsonBody,
  pieces,
  type Wire,
} from './fake-wire.ts';

/** OpenAI's chat completions, which Ollama, vLLM and llama.cpp speak too. */
export const chatWire: Wire = {
  refuse,
  error: (type, message) => ({ error: { message, type, param: null, code: type } }),
  whole: (answer, body) => ({
    ...head(body, 'chat.completion'),
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: answer.text ?? null,
          refusal: null,
          ...(answer.reasoning === undefined ? {} : { reasoning_content: answer.reasoning }),
          ...(answer.toolCalls === undefined ? {} : { tool_calls: toolCalls(answer) }),
        },
        logprobs: null,
        finish_reason: finishReason(answer),
      },
    ],
    ...(answer.usage === null ? {} : { usage: usage(answer) }),
  }),
  events: (answer, body) => [...chunks(answer, body).map(frame), 'data: [DONE]\n\n'],
  streamError: (type, message) => frame({ error: { message, type, param: null, code: type } }),
};

function refuse(body: JsonBody): string | null {
  if (typeof body.model !== 'string') return 'model is missing';
  if (!Array.isArray(body.messages) || body.messages.length === 0) return 'messages are missing';
  const bad = badToolName((body.tools ?? []).map((tool: JsonBody) => tool.function?.name));
  if (bad !== null) return bad;
  let pending = new Set<unknown>();
  for (const [index, message] of body.messages.entries()) {
    if (message.role === 'tool') {
      if (!pending.delete(message.tool_call_id)) {
        return `messages[${index}]: no tool call with id ${message.tool_call_id}`;
      }
      continue;
    }
    if (pending.size > 0) return `messages[${index}]: tool calls without results: ${[...pending]}`;
    if (!['system', 'developer', 'user', 'assistant'].includes(message.role)) {
      return `messages[${index}]: role ${message.role}`;
    }
    const calls: JsonBody[] = message.tool_calls ?? [];
    const badCall = calls.find((call) => !call.id || !isJsonObject(call.function?.arguments));
    if (badCall !== undefined)
      return `messages[${index}]: bad tool call ${JSON.stringify(badCall)}`;
    pending = new Set(calls.map((call) => call.id));
  }
  return pending.size > 0 ? 'tool calls without results at the end' : null;
}

function chunks(answer: FakeAnswer, body: JsonBody): object[] {
  const chunk = (delta: object, finish: string | null = null) => ({
    ...head(body, 'chat.completion.chunk'),
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  });
  const all: object[] = [chunk({ role: 'assistant', content: '' })];
  for (const piece of pieces(answer.reasoning ?? '')) all.push(chunk({ reasoning_content: piece }));
  for (const piece of pieces(answer.text ?? '')) all.push(chunk({ content: piece }));
  for (const [index, call] of (answer.toolCalls ?? []).entries()) {
    const start = toolCalls(answer)[index] ?? {};
    if (answer.quirks?.objectArguments) {
      all.push(chunk({ tool_calls: [{ index, ...start }] }));
      continue;
    }
    const begin = { index, ...start, function: { name: call.name, arguments: '' } };
    all.push(chunk({ tool_calls: [begin] }));
    for (const piece of pieces(argumentsText(call))) {
      all.push(chunk({ tool_calls: [{ index, function: { arguments: piece } }] }));
    }
  }
  all.push(chunk({}, finishReason(answer)));
  if (answer.usage !== null && body.stream_options?.include_usage) {
    all.push({ ...head(body, 'chat.completion.chunk'), choices: [], usage: usage(answer) });
  }
  return all;
}

function toolCalls(answer: FakeAnswer): object[] {
  return (answer.toolCalls ?? []).map((call, index) => {
    const id = callId(answer, call, index);
    const written = answer.quirks?.objectArguments ? call.arguments : argumentsText(call);
    return {
      ...(id === undefined ? {} : { id }),
      type: 'function',
      function: { name: call.name, arguments: written },
    };
  });
}

function finishReason(answer: FakeAnswer): string {
  return answer.finishReason ?? (answer.toolCalls === undefined ? 'stop' : 'tool_calls');
}

function usage(answer: FakeAnswer): object {
  const counts = answer.usage ?? defaultUsage;
  return {
    prompt_tokens: counts.input,
    completion_tokens: counts.output,
    total_tokens: counts.input + counts.output,
    prompt_tokens_details: { cached_tokens: counts.cached ?? 0 },
    completion_tokens_details: { reasoning_tokens: counts.reasoning ?? 0 },
  };
}

function head(body: JsonBody, object: string): object {
  return { id: 'chatcmpl-fake', object, created: 1_760_000_000, model: body.model };
}

function frame(event: object): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}
