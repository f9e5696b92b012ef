import { z } from '@hono/zod-openapi';
import { refusal } from '../../core/validate.ts';

// What comes in, of either revision: parts of 0.3 say their kind, those of 1.0 do not.

const part = z.looseObject({
  text: z.string().optional(),
  data: z.unknown().optional(),
});

export const sendParams = z.looseObject({
  message: z.looseObject({
    messageId: z.string().min(1).max(200),
    contextId: z.string().optional(),
    taskId: z.string().optional(),
    parts: z.array(part).min(1).max(100),
  }),
  configuration: z.looseObject({ returnImmediately: z.boolean().optional() }).nullish(),
});

export type SentMessage = z.output<typeof sendParams>['message'];

export const taskParams = z.looseObject({ id: z.string().min(1).max(200) });

export const rpcRequest = z.looseObject({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.string(), z.number()]).nullable().optional(),
  method: z.string(),
  params: z.record(z.string(), z.unknown()).optional(),
});

/** The message as text: data stands in it as JSON. Throws `validation_error` for files. */
export function textOf({ parts }: SentMessage): string {
  const texts = parts.map(({ text, data }, index) => {
    if (text !== undefined) return text;
    if (data !== undefined) return JSON.stringify(data);
    throw refusal(
      new Map([[`message.parts[${index}]`, 'must be text or data: files are not taken']]),
    );
  });
  return texts.join('\n\n');
}
