import type { CallToolResult } from '@modelcontextprotocol/client';

// What a server returned, in the form of every tool's result: `{message, rawData}`. Text is the message;
// images, sounds and files are described in it and attached, as far as there is room.

const limits = {
  messageChars: 524_288,
  attachments: 32,
  /** Of all that is attached, in base64. */
  attachedChars: 700_000,
  structuredChars: 524_288,
} as const;

export interface McpAttachment {
  readonly type: string;
  readonly mime_type: string | null;
  readonly uri?: string;
  readonly size_bytes: number;
  /** Base64; absent where there was no room. */
  readonly data?: string;
}

export interface MappedResult {
  readonly isError: boolean;
  readonly message: string;
  readonly rawData: {
    readonly structured_content?: unknown;
    readonly attachments?: readonly McpAttachment[];
  };
  /** The same without what only machines read. */
  readonly forModel: { readonly message: string; readonly rawData?: unknown };
}

export function mapResult(result: CallToolResult): MappedResult {
  const texts: string[] = [];
  const attachments: McpAttachment[] = [];
  let room: number = limits.attachedChars;
  const attach = (type: string, mimeType: string | undefined, data: string, uri?: string) => {
    const sizeBytes = Math.floor((data.length * 3) / 4);
    const fits = data.length <= room && attachments.length < limits.attachments;
    if (fits) room -= data.length;
    attachments.push({
      type,
      mime_type: mimeType ?? null,
      ...(uri === undefined ? {} : { uri }),
      size_bytes: sizeBytes,
      ...(fits ? { data } : {}),
    });
    texts.push(`[${type}${mimeType === undefined ? '' : ` ${mimeType}`}, ${sizeBytes} bytes]`);
  };
  for (const block of result.content ?? []) {
    switch (block.type) {
      case 'text':
        texts.push(block.text);
        break;
      case 'image':
      case 'audio':
        attach(block.type, block.mimeType, block.data);
        break;
      case 'resource':
        if ('text' in block.resource) texts.push(`${block.resource.uri}:\n${block.resource.text}`);
        else attach('resource', block.resource.mimeType, block.resource.blob, block.resource.uri);
        break;
      case 'resource_link':
        texts.push(`[resource ${block.name}: ${block.uri}]`);
        break;
    }
  }
  const message = cut(texts.join('\n'));
  const structured = structuredOf(result.structuredContent);
  const rawData = {
    ...(structured === undefined ? {} : { structured_content: structured }),
    ...(attachments.length === 0 ? {} : { attachments }),
  };
  // Servers repeat structured content as text for clients that know of none: once is enough.
  const isRepeated = structured !== undefined && isSame(message, structured);
  return {
    isError: result.isError === true,
    message,
    rawData,
    forModel:
      structured === undefined || isRepeated
        ? { message }
        : { message, rawData: { structured_content: structured } },
  };
}

function cut(text: string): string {
  if (text.length <= limits.messageChars) return text;
  return `${text.slice(0, limits.messageChars).toWellFormed()}\n[… ${text.length - limits.messageChars} more characters were not kept …]`;
}

function structuredOf(value: unknown): unknown {
  if (value === undefined) return undefined;
  return JSON.stringify(value).length <= limits.structuredChars ? value : undefined;
}

function isSame(text: string, value: unknown): boolean {
  try {
    return JSON.stringify(JSON.parse(text)) === JSON.stringify(value);
  } catch {
    return false;
  }
}
