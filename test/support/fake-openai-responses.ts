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

/** OpenAI's Responses API. */
export const responsesWire: Wire = {
  refuse,
  error: (type, message) => ({ error: { message, type, param: null, code: type } }),
  whole: (answer, body) => response(answer, body, items(answer)),
  events: (answer, body) => numbered(events(answer, body)),
  streamError: (type, message) =>
    frame({ type: 'error', code: type, message, param: null, sequence_number: 999 }),
};

function refuse(body: JsonBody): string | null {
  if (typeof body.model !== 'string') return 'model is missing';
  if (!Array.isArray(body.input) && typeof body.input !== 'string') return 'input is missing';
  const bad = badToolName((body.tools ?? []).map((tool: JsonBody) => tool.name));
  if (bad !== null) return bad;
  const calls = new Set<unknown>();
  const open = new Set<unknown>();
  for (const [index, item] of (Array.isArray(body.input) ? body.input : []).entries()) {
    if (item.type === 'item_reference' && body.store === false) {
      return `input[${index}]: item ${item.id} is not stored`;
    }
    if (item.type === 'reasoning' && body.store === false && !item.encrypted_content) {
      return `input[${index}]: reasoning without its encrypted content`;
    }
    if (item.type === 'function_call') {
      if (!isJsonObject(item.arguments)) return `input[${index}]: arguments are not an object`;
      calls.add(item.call_id);
      open.add(item.call_id);
    }
    if (item.type === 'function_call_output') {
      if (!calls.has(item.call_id)) {
        return `No tool call found for function call output with call_id ${item.call_id}.`;
      }
      open.delete(item.call_id);
    }
  }
  return open.size > 0 ? `No tool output found for function call ${[...open]}.` : null;
}

function items(answer: FakeAnswer): JsonBody[] {
  const all: JsonBody[] = [];
  if (answer.reasoning !== undefined) {
    all.push({
      type: 'reasoning',
      id: 'rs_fake',
      summary: [{ type: 'summary_text', text: answer.reasoning }],
      encrypted_content: 'encrypted-reasoning',
    });
  }
  if (answer.text !== undefined) {
    all.push({
      type: 'message',
      id: 'msg_fake',
      status: 'completed',
      role: 'assistant',
      content: [{ type: 'output_text', text: answer.text, annotations: [], logprobs: [] }],
    });
  }
  for (const [index, call] of (answer.toolCalls ?? []).entries()) {
    all.push({
      type: 'function_call',
      id: `fc_fake_${index}`,
      call_id: callId(answer, call, index) ?? '',
      name: call.name,
      arguments: argumentsText(call),
      status: 'completed',
    });
  }
  return all;
}

function response(answer: FakeAnswer, body: JsonBody, output: JsonBody[]): JsonBody {
  const counts = answer.usage ?? defaultUsage;
  const reason = answer.finishReason === 'length' ? 'max_output_tokens' : answer.finishReason;
  const isIncomplete = reason === 'max_output_tokens' || reason === 'content_filter';
  return {
    id: 'resp_fake',
    object: 'response',
    created_at: 1_760_000_000,
    status: isIncomplete ? 'incomplete' : 'completed',
    error: null,
    incomplete_details: isIncomplete ? { reason } : null,
    instructions: null,
    metadata: {},
    model: body.model,
    output,
    parallel_tool_calls: true,
    temperature: 1,
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    usage: {
      input_tokens: counts.input,
      input_tokens_details: { cached_tokens: counts.cached ?? 0 },
      output_tokens: counts.output,
      output_tokens_details: { reasoning_tokens: counts.reasoning ?? 0 },
      total_tokens: counts.input + counts.output,
    },
  };
}

function events(answer: FakeAnswer, body: JsonBody): JsonBody[] {
  const output = items(answer);
  const done = response(answer, body, output);
  const begun = { ...done, status: 'in_progress', output: [], usage: null };
  const all: JsonBody[] = [
    { type: 'response.created', response: begun },
    { type: 'response.in_progress', response: begun },
  ];
  for (const [output_index, item] of output.entries()) {
    all.push(...itemEvents(item, output_index));
  }
  const end = done.status === 'incomplete' ? 'response.incomplete' : 'response.completed';
  all.push({ type: end, response: done });
  return all;
}

function itemEvents(item: JsonBody, output_index: number): JsonBody[] {
  const at = { item_id: item.id, output_index };
  const added = (fields: object) => ({
    type: 'response.output_item.added',
    output_index,
    item: { ...item, ...fields },
  });
  const all: JsonBody[] = [];
  if (item.type === 'reasoning') {
    const part = { ...at, summary_index: 0 };
    const text = item.summary[0].text;
    all.push(added({ summary: [], encrypted_content: null }));
    const empty = { type: 'summary_text', text: '' };
    all.push({ type: 'response.reasoning_summary_part.added', ...part, part: empty });
    for (const delta of pieces(text)) {
      all.push({ type: 'response.reasoning_summary_text.delta', ...part, delta });
    }
    all.push({ type: 'response.reasoning_summary_text.done', ...part, text });
    all.push({ type: 'response.reasoning_summary_part.done', ...part, part: item.summary[0] });
  } else if (item.type === 'message') {
    const part = { ...at, content_index: 0 };
    const { text } = item.content[0];
    all.push(added({ status: 'in_progress', content: [] }));
    const empty = { ...item.content[0], text: '' };
    all.push({ type: 'response.content_part.added', ...part, part: empty });
    for (const delta of pieces(text)) {
      all.push({ type: 'response.output_text.delta', ...part, delta, logprobs: [] });
    }
    all.push({ type: 'response.output_text.done', ...part, text, logprobs: [] });
    all.push({ type: 'response.content_part.done', ...part, part: item.content[0] });
  } else {
    all.push(added({ status: 'in_progress', arguments: '' }));
    for (const delta of pieces(item.arguments)) {
      all.push({ type: 'response.function_call_arguments.delta', ...at, delta });
    }
    const { name, arguments: written } = item;
    all.push({ type: 'response.function_call_arguments.done', ...at, name, arguments: written });
  }
  all.push({ type: 'response.output_item.done', output_index, item });
  return all;
}

function numbered(all: readonly JsonBody[]): string[] {
  return all.map((event, sequence_number) => frame({ ...event, sequence_number }));
}

function frame(event: JsonBody): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
