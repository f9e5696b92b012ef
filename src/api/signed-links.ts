import { z } from '@hono/zod-openapi';
import type { ApiDeps } from './deps.ts';
import { isHttps } from './session-cookie.ts';

/** What a signed link carries beside what it names; absent ones are refused like wrong ones. */
export const signedQuery = {
  expires: z
    .string()
    .regex(/^\d{1,12}$/, 'must be as it was given')
    .default('0'),
  signature: z.string().max(100).default(''),
};

/** Where people reach this server: as its settings say, else as they asked. */
export function originOf({ publicUrl }: Pick<ApiDeps, 'publicUrl'>, request: Request): string {
  if (publicUrl) return new URL(publicUrl).origin;
  return `${isHttps(request) ? 'https' : 'http'}://${new URL(request.url).host}`;
}
