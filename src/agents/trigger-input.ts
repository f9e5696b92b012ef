import { z } from 'zod';
import { triggerTypes } from '../core/agent.ts';

/** A trigger as it is written. With the `id` of one that the agent has, what is left out stays. */
export const triggerInput = z.object({
  id: z.string().optional(),
  name: z.string().min(1).max(200).regex(/\S/, 'must not be blank').optional(),
  description: z.string().max(10_000).optional(),
  type: z.enum(triggerTypes).optional(),
  config: z
    .custom<Readonly<Record<string, unknown>>>(
      (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
      'must be an object',
    )
    .optional(),
  enabled: z.boolean().optional(),
});

export type TriggerInput = z.output<typeof triggerInput>;
