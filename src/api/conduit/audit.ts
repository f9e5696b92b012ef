import { z } from '@hono/zod-openapi';
import type { AuditEntry } from '../../core/audit.ts';
import { ApiError } from '../../core/errors.ts';
import { toPage } from '../../core/page.ts';
import { type AuditFilter, listEntries, serverChain, verifyChain } from '../../store/audit.ts';
import { ok } from '../answer.ts';
import { auditKey } from '../audit-trail.ts';
import { pagingOf } from '../paging.ts';
import { type Call, defineRoute } from '../route.ts';
import { listQuery, moment } from './fields.ts';

const common = {
  tag: 'audit',
  resource: 'audit',
  right: 'owner',
  method: 'get',
  workspace: { from: 'query', need: 'optional' },
} as const;

const entryShape = z.object({
  seq: z.number().int().openapi({ description: 'Its place in the chain.' }),
  at: z.string(),
  id: z.string(),
  actor: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
  address: z.string().nullable().openapi({ description: 'Where the request came from.' }),
  request_id: z.string(),
  action: z.string().openapi({ description: 'The operation, as this document names it.' }),
  resource: z.string(),
  object_id: z.string().nullable(),
  outcome: z.enum(['done', 'failed', 'refused', 'unknown']),
  status: z.number().int().nullable(),
  before: z.unknown().openapi({ description: 'What changed, as it was; secrets are masked.' }),
  after: z.unknown(),
});

const filters = {
  actor_id: z.string().max(64).optional().openapi({ description: 'Id of a token or a person.' }),
  action: z.string().max(100).optional(),
  resource: z.string().max(100).optional(),
  object_id: z.string().max(200).optional(),
  from: moment.optional(),
  to: moment.optional(),
};

const description = 'Of a workspace; for the admin token without `workspace_id`, of the server.';

export const auditRoutes = [
  defineRoute(
    {
      ...common,
      path: '/v1/audit',
      operationId: 'listAuditEntries',
      summary: 'List audit entries, newest first',
      description,
      query: z.object({ ...listQuery, ...filters }),
      responses: { 200: { description: 'Entries', data: entryShape, kind: 'page' } },
    },
    async (call, deps) => {
      const { limit, cursor, ...given } = call.query;
      const chain = chainOf(call);
      const paging = pagingOf(deps, { name: 'audit', filters: { ...given, chain }, limit, cursor });
      const { after } = paging.request;
      const page = { chain, filter: filterOf(given), before: after && Number(after.id) };
      const found = await listEntries(deps.db, call.scope, { ...page, limit: limit + 1 });
      const { items, next } = toPage(found, limit, (entry) => ({
        createdAt: new Date(entry.at),
        id: String(entry.seq),
      }));
      const nextCursor = next === null ? null : paging.cursorOf(next);
      return { status: 200, data: items, page: { nextCursor } };
    },
  ),
  defineRoute(
    {
      ...common,
      path: '/v1/audit/export',
      operationId: 'exportAuditEntries',
      summary: 'Export audit entries',
      description: `${description} One JSON object a line, newest first.`,
      query: z.object(filters),
      responses: { 200: { description: 'Entries', contentType: 'application/x-ndjson' } },
    },
    async (call, deps) => {
      const page = { chain: chainOf(call), filter: filterOf(call.query), limit: 500 };
      let before: number | null = null;
      const lines = new ReadableStream<Uint8Array>({
        async pull(controller) {
          const found: readonly AuditEntry[] = await listEntries(deps.db, call.scope, {
            ...page,
            before,
          });
          const text = found.map((entry) => `${JSON.stringify(entry)}\n`).join('');
          if (text !== '') controller.enqueue(new TextEncoder().encode(text));
          before = found.at(-1)?.seq ?? null;
          if (found.length < page.limit) controller.close();
        },
      });
      return new Response(lines, {
        headers: { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' },
      });
    },
  ),
  defineRoute(
    {
      ...common,
      path: '/v1/audit/verify',
      operationId: 'verifyAuditLog',
      summary: 'Verify the chain of audit entries',
      description: `${description} Makes every hash again. Note \`seq\` and \`hash\` elsewhere to find out if the newest entries were taken away.`,
      query: z.object({}),
      responses: {
        200: {
          description: 'Whether every entry is as it was written',
          data: z.object({
            ok: z.boolean(),
            entries: z.number().int(),
            broken_at: z.number().int().nullable(),
            seq: z.number().int(),
            hash: z.string(),
          }),
        },
      },
    },
    async (call, deps) => {
      const verdict = await verifyChain(deps.db, auditKey(deps.cursorKey), chainOf(call));
      const { brokenAt, ...shown } = verdict;
      return ok({ ...shown, broken_at: brokenAt });
    },
  ),
];

/** Which chain is meant. Only `scope` decides whether it is shown. */
function chainOf({ workspaceId, scope }: Pick<Call, 'workspaceId' | 'scope'>): string {
  if (workspaceId !== null) return workspaceId;
  if (scope === 'all') return serverChain;
  throw new ApiError('validation_error', 'Invalid request: workspace_id is required.', {
    details: { workspace_id: 'is required: you own more than one workspace' },
  });
}

function filterOf(query: {
  readonly actor_id?: string | undefined;
  readonly action?: string | undefined;
  readonly resource?: string | undefined;
  readonly object_id?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}): AuditFilter {
  const { actor_id: actorId, object_id: objectId, ...rest } = query;
  return { ...rest, actorId, objectId };
}
