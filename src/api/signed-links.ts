import { z } from '@hono/zod-openapi';
import type { LinkProof } from '../core/link-signature.ts';
import type { ApiDeps } from './deps.ts';
import type { Call } from './route.ts';
import { isHttps } from './session-cookie.ts';

/** What a signed link carries beside what it names; absent ones are refused like wrong ones. */
export const signedQuery = {
  expires: z
    .string()
    .regex(/^\d{1,12}$/, 'must be as it was given')
    .default('0'),
  signature: z.string().max(100).default(''),
};

/** What a request brought of it. */
export function proofIn(query: {
  readonly expires: string;
  readonly signature: string;
}): LinkProof & { readonly nowMs: number } {
  return { expires: Number(query.expires), signature: query.signature, nowMs: Date.now() };
}

/** The link as it is given away. */
export function signedUrl(
  deps: Pick<ApiDeps, 'publicUrl'>,
  { http }: Pick<Call, 'http'>,
  link: {
    readonly path: string;
    readonly query?: Readonly<Record<string, string>>;
    readonly proof: LinkProof;
  },
): string {
  const { expires, signature } = link.proof;
  const query = new URLSearchParams({ ...link.query, expires: String(expires), signature });
  return `${originOf(deps, http.req.raw)}${link.path}?${query}`;
}

export function expiryOf({ expires }: LinkProof): string {
  return new Date(expires * 1_000).toISOString();
}

/** Where people reach this server: as its settings say, else as they asked. */
function originOf({ publicUrl }: Pick<ApiDeps, 'publicUrl'>, request: Request): string {
  if (publicUrl) return new URL(publicUrl).origin;
  return `${isHttps(request) ? 'https' : 'http'}://${new URL(request.url).host}`;
}
