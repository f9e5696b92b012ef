import { z } from '@hono/zod-openapi';

// Query fields that contacts and conversations share.

export const archived = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .optional()
  .openapi({ type: 'string', enum: ['true', 'false'] });

export const inboxTypeId = z.string().min(1).max(64).optional();

export const order = z.enum(['asc', 'desc']).default('desc');

export const searchText = z.string().trim().min(1).max(500);

/** A text that WhatsApp keeps and has allowed, and what goes into its gaps. */
export const template = z
  .object({
    content_sid: z.string().trim().min(1).max(200),
    variables: z.record(z.string().max(200), z.string().max(10_000)).default({}),
  })
  .openapi({
    description:
      'For WhatsApp, where who writes first may only do so by a template. The bridge of the channel gets it as it is.',
  });

/** What can be sent as one message. */
export const messageBody = z
  .string()
  .min(1)
  .max(100_000)
  .refine((text) => text.trim() !== '', {
    message: 'must not be blank',
  });
