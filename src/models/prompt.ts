import type {
  JSONValue,
  LanguageModelV4FunctionTool,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  SharedV4ProviderMetadata,
  SharedV4ProviderOptions,
} from '@ai-sdk/provider';
import type { ModelMessage, ModelToolSpec } from '../core/model.ts';
import type { ModelFile } from '../core/model-files.ts';

type Assistant = Extract<ModelMessage, { role: 'assistant' }>;
type AssistantParts = Extract<LanguageModelV4Message, { role: 'assistant' }>['content'];

/** One part of an answer, in the order in which the model gave it. */
export type AnswerPart =
  | { readonly type: 'text' | 'reasoning'; readonly text: string; readonly meta?: Meta }
  | { readonly type: 'tool-call'; readonly meta?: Meta };
type Meta = SharedV4ProviderMetadata;

/**
 * What an answer needs so that its provider recognises it when it is sent back: the order of its
 * parts, reasoning and signatures. Bound to the model: another one would refuse the signatures.
 */
export interface ProviderData {
  readonly model: string;
  readonly parts: readonly AnswerPart[];
  /** Of the answer as a whole. */
  readonly meta?: Meta;
}

/**
 * The messages as the provider packages take them. `model` is the `provider/model` to be called. With a cache
 * mark the beginning of a loop, which every call of it repeats, ends with one, and so does its end.
 */
export function toPrompt(
  messages: readonly ModelMessage[],
  model: string,
  cacheMark?: SharedV4ProviderOptions,
): LanguageModelV4Prompt {
  const prompt: LanguageModelV4Prompt = [];
  const system: string[] = [];
  for (const message of messages) {
    switch (message.role) {
      case 'system':
        // Many servers accept one system message, at the beginning, and no other.
        if (prompt.length === 0) system.push(message.text);
        else prompt.push(userMessage(message.text));
        break;
      case 'user':
        prompt.push(userMessage(message.text, filePartsOf(message.files ?? [], model)));
        break;
      case 'assistant': {
        const data = providerDataOf(message.providerData, model);
        const content = assistantParts(message, data);
        const options = data?.meta === undefined ? {} : { providerOptions: data.meta };
        // Anthropic refuses a message without content.
        if (content.length > 0) prompt.push({ role: 'assistant', content, ...options });
        break;
      }
      case 'tool':
        pushToolResult(prompt, message);
        break;
    }
  }
  if (system.length > 0) prompt.unshift({ role: 'system', content: system.join('\n\n') });
  if (cacheMark !== undefined) {
    for (const marked of new Set([prompt[0], prompt.at(-1)])) {
      if (marked !== undefined)
        marked.providerOptions = { ...marked.providerOptions, ...cacheMark };
    }
  }
  return prompt;
}

export function toToolDefinitions(tools: readonly ModelToolSpec[]): LanguageModelV4FunctionTool[] {
  return tools.map((tool) => ({
    type: 'function',
    name: tool.name,
    description: tool.description,
    inputSchema: tool.inputSchema,
  }));
}

type UserParts = Extract<LanguageModelV4Message, { role: 'user' }>['content'];

function userMessage(text: string, files: UserParts = []): LanguageModelV4Message {
  return { role: 'user', content: [{ type: 'text', text }, ...files] };
}

/** What the packages refuse would fail the call, so it is named in its place. */
function filePartsOf(files: readonly ModelFile[], model: string): UserParts {
  const provider = model.slice(0, model.indexOf('/'));
  return files.map((file, index) => {
    const filename = file.name ?? `file-${index + 1}`;
    if (takesFile(provider, file.mediaType)) {
      const data = { type: 'data' as const, data: file.data };
      return { type: 'file', filename, mediaType: file.mediaType, data };
    }
    const name = JSON.stringify(filename);
    const text = `[File ${name}, ${file.mediaType}: not shown, since this model's API takes none of its kind.]`;
    return { type: 'text', text };
  });
}

const documents = ['openai', 'azure', 'anthropic', 'google', 'bedrock', 'mistral'];

function takesFile(provider: string, mediaType: string): boolean {
  return mediaType.startsWith('image/') || documents.includes(provider);
}

/** Results of one round belong in one message: Anthropic wants all of them right after the calls. */
function pushToolResult(
  prompt: LanguageModelV4Prompt,
  message: Extract<ModelMessage, { role: 'tool' }>,
): void {
  const result = {
    type: 'tool-result' as const,
    toolCallId: message.callId,
    toolName: message.name,
    output: {
      type: message.isError ? ('error-text' as const) : ('text' as const),
      value: message.text,
    },
  };
  const last = prompt.at(-1);
  if (last?.role === 'tool') last.content.push(result);
  else prompt.push({ role: 'tool', content: [result] });
}

function assistantParts(message: Assistant, data: ProviderData | null): AssistantParts {
  const calls = message.toolCalls.map((call) => ({
    type: 'tool-call' as const,
    toolCallId: call.callId,
    toolName: call.name,
    input: argumentsObject(call.argumentsText),
  }));
  if (data === null) {
    return message.text === '' ? calls : [{ type: 'text', text: message.text }, ...calls];
  }
  const content: AssistantParts = [];
  let nextCall = 0;
  for (const part of data.parts) {
    const options = part.meta === undefined ? {} : { providerOptions: part.meta };
    // Reasoning that goes back with the message is not said twice.
    if (part.type === 'tool-call') {
      const call = calls[nextCall++];
      if (call !== undefined) content.push({ ...call, ...options });
    } else if (part.type === 'reasoning' ? data.meta === undefined : part.text !== '') {
      content.push({ type: part.type, text: part.text, ...options });
    }
  }
  content.push(...calls.slice(nextCall));
  return content;
}

/** Providers insist on an object, also where the model wrote something else; it still sees what it wrote. */
function argumentsObject(text: string): Record<string, JSONValue> {
  if (text.trim() === '') return {};
  try {
    const value: JSONValue = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, JSONValue>;
    }
  } catch {
    // Malformed: fall through.
  }
  return { malformed_arguments: text };
}

function providerDataOf(data: unknown, model: string): ProviderData | null {
  if (typeof data !== 'object' || data === null) return null;
  const candidate = data as Partial<ProviderData>;
  return candidate.model === model && Array.isArray(candidate.parts)
    ? (candidate as ProviderData)
    : null;
}
