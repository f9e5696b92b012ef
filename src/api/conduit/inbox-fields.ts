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

/** What can be sent as one message. */
export const messageBody = z
  .string()
  .min(1)
  .max(100_000)
  .refine((text) => text.trim() !== '', {
    message: 'must not be blank',
  });
