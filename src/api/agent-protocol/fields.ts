import { z } from '@hono/zod-openapi';

/** The header is the only place where its clients can name a workspace. */
export function ofHeader<const N extends 'one' | 'optional'>(need: N) {
  return { from: 'header', need } as const;
}

export const shown = { description: 'As the protocol shows it', data: z.unknown() };

/** Its lists are read by place, not by cursor: as deep as this. */
export const slice = {
  limit: z.number().int().min(1).max(100).default(10),
  offset: z.number().int().min(0).max(900).default(0),
};

export const jsonObject = z.record(z.string(), z.unknown());
