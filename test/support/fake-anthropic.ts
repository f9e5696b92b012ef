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

/** Anthropic's Messages API. */
export const messagesWire: Wire = {
  refuse,
  error: (type, message) => ({ type: 'error', error: { type, message }, request_id: 'req_fake' }),
  whole: (answer, body) => ({
    ...message(answer, body),
    content: blocks(answer),
    stop_reason: stopReason(answer),
    usage: usage(answer),
  }),
  events: (answer, body) => events(answer, body).map(frame),
  streamError: (type, text) => frame({ type: 'error', error: { type, message: text } }),
};

function refuse(body: JsonBody): string | null {
  if (typeof body.model !== 'string') return 'model: Field required';
  if (!(body.max_tokens >= 1)) return 'max_tokens: Field required';
  if (body.messages?.[0]?.role !== 'user')
    return 'messages: first message must use the "user" role';
  const bad = badToolName((body.tools ?? []).map((tool: JsonBody) => tool.name));
  if (bad !== null) return bad;
  let pending: unknown[] = [];
  for (const [index, { role, content }] of body.messages.entries()) {
    const parts: JsonBody[] =
      typeof content === 'string' ? [{ type: 'text', text: content }] : content;
    if (!['user', 'assistant'].includes(role)) return `messages.${index}: role ${role}`;
    if (parts.length === 0 || parts.some((part) => part.type === 'text' && part.text === '')) {
      return `messages.${index}: text content blocks must be non-empty`;
    }
    const results = parts
      .filter((part) => part.type === 'tool_result')
      .map((part) => part.tool_use_id);
    const missing = pending.filter((id) => !results.includes(id));
    if (missing.length > 0) {
      return `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing}`;
    }
    if (results.some((id) => !pending.includes(id))) {
      return `messages.${index}: unexpected \`tool_use_id\` found in \`tool_result\` blocks`;
    }
    if (results.length > 0 && parts[0]?.type !== 'tool_result') {
      return `messages.${index}: tool results must come first`;
    }
    const thinking = parts.filter((part) => part.type === 'thinking');
    if (thinking.some((part) => part.signature !== 'signed-thinking')) {
      return `messages.${index}: Invalid \`signature\` in \`thinking\` block`;
    }
    const uses = parts.filter((part) => part.type === 'tool_use');
    if (uses.some((part) => typeof part.input !== 'object' || Array.isArray(part.input))) {
      return `messages.${index}: tool_use.input: Input should be a valid dictionary`;
    }
    pending = uses.map((part) => part.id);
  }
  return null;
}

function blocks(answer: FakeAnswer): JsonBody[] {
  const all: JsonBody[] = [];
  if (answer.reasoning !== undefined) {
    all.push({ type: 'thinking', thinking: answer.reasoning, signature: 'signed-thinking' });
  }
  if (answer.text !== undefined) all.push({ type: 'text', text: answer.text, citations: null });
  for (const [index, call] of (answer.toolCalls ?? []).entries()) {
    const text = argumentsText(call);
    const input = isJsonObject(text) ? JSON.parse(text) : {};
    all.push({ type: 'tool_use', id: callId(answer, call, index), name: call.name, input });
  }
  return all;
}

function events(answer: FakeAnswer, body: JsonBody): JsonBody[] {
  const begun = { ...usage(answer), output_tokens: 1 };
  const start = { ...message(answer, body), content: [], stop_reason: null, usage: begun };
  const all: JsonBody[] = [{ type: 'message_start', message: start }, { type: 'ping' }];
  let call = 0;
  for (const [index, block] of blocks(answer).entries()) {
    const begin = (fields: object) =>
      all.push({ type: 'content_block_start', index, content_block: { ...block, ...fields } });
    const delta = (fields: object) =>
      all.push({ type: 'content_block_delta', index, delta: fields });
    if (block.type === 'thinking') {
      begin({ thinking: '', signature: '' });
      for (const thinking of pieces(block.thinking)) delta({ type: 'thinking_delta', thinking });
      delta({ type: 'signature_delta', signature: block.signature });
    } else if (block.type === 'text') {
      begin({ text: '' });
      for (const text of pieces(block.text)) delta({ type: 'text_delta', text });
    } else {
      begin({ input: {} });
      const written = answer.toolCalls?.[call++];
      for (const partial_json of pieces(written === undefined ? '' : argumentsText(written))) {
        delta({ type: 'input_json_delta', partial_json });
      }
    }
    all.push({ type: 'content_block_stop', index });
  }
  const delta = { stop_reason: stopReason(answer), stop_sequence: null };
  all.push({ type: 'message_delta', delta, usage: usage(answer) }, { type: 'message_stop' });
  return all;
}

function message(_: FakeAnswer, body: JsonBody): JsonBody {
  return {
    id: 'msg_fake',
    type: 'message',
    role: 'assistant',
    model: body.model,
    stop_sequence: null,
  };
}

function stopReason(answer: FakeAnswer): string {
  switch (answer.finishReason) {
    case 'length':
      return 'max_tokens';
    case 'content_filter':
      return 'refusal';
    case 'stop':
      return 'end_turn';
    default:
      return answer.toolCalls === undefined ? 'end_turn' : 'tool_use';
  }
}

/** Anthropic counts cached and cache-writing tokens apart from the rest of the input. */
function usage(answer: FakeAnswer): JsonBody {
  const { input, output, cached = 0, cacheWrite = 0 } = answer.usage ?? defaultUsage;
  return {
    input_tokens: input - cached - cacheWrite,
    output_tokens: output,
    cache_read_input_tokens: cached,
    cache_creation_input_tokens: cacheWrite,
  };
}

function frame(event: JsonBody): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
