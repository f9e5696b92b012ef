import { z } from '@hono/zod-openapi';
import type { Erasure } from '../../core/erasure.ts';
import { ApiError } from '../../core/errors.ts';
import { eraseContact } from '../../privacy/erase-contact.ts';
import { exportContact } from '../../privacy/export-contact.ts';
import { getErasure, listErasures } from '../../store/erasures.ts';
import { listed, ok } from '../answer.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { idParam, listQuery, ofObject } from './fields.ts';
import { iso, isoOrNull } from './times.ts';

const tag = 'contacts';
const common = { tag, resource: 'contact', right: 'owner' } as const;
const contactParams = z.object({ id: idParam('Contact', 'co77c0dy0mgdpzmqz6tesry8w184002s') });
const params = z.object({ id: idParam('Erasure', 'er77c0dy0mgdpzmqz6tesry8w184002s') });

const shape = z.object({
  id: z.string(),
  workspace_id: z.string(),
  contact_id: z.string(),
  status: z.enum(['pending', 'done']),
  erased: z.record(z.string(), z.number().int()).openapi({
    description: 'Rows that went so far, by table.',
  }),
  requested_by: z.string().nullable(),
  created_at: z.string(),
  completed_at: z.string().nullable(),
});

function show(erasure: Erasure): z.input<typeof shape> {
  return {
    id: erasure.id,
    workspace_id: erasure.workspaceId,
    contact_id: erasure.contactId,
    status: erasure.status,
    erased: erasure.erased,
    requested_by: erasure.requestedBy,
    created_at: iso(erasure.createdAt),
    completed_at: isoOrNull(erasure.completedAt),
  };
}

export const erasureRoutes = [
  defineRoute(
    {
      ...common,
      method: 'post',
      path: '/v1/contacts/{id}/export',
      operationId: 'exportContact',
      summary: 'Export all that is kept about a contact',
      description:
        'Conversations, messages and their files, runs with their journals, memories, trigger events, deliveries, hand-overs, approvals, knowledge: one JSON object a line, `{table, row}`, as of one moment. A POST, so that the audit log says who took it.',
      workspace: ofObject,
      params: contactParams,
      responses: { 200: { description: 'Rows', contentType: 'application/x-ndjson' } },
    },
    async ({ params: { id }, scope }, deps) => {
      const lines = await exportContact(deps.db, { scope, id });
      return new Response(lines, {
        headers: { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' },
      });
    },
  ),
  defineRoute(
    {
      ...common,
      method: 'post',
      path: '/v1/contacts/{id}/erase',
      operationId: 'eraseContact',
      summary: 'Erase all that is kept about a contact',
      description:
        'For good, and in the background: the answer is the erasure, `done` when a last look has found nothing. Runs about the contact are cancelled and go with their traces. What remains: sums of usage, and in the audit log that this was done. Backups of before keep what they have.',
      workspace: ofObject,
      params: contactParams,
      responses: { 202: { description: 'Under way', data: shape } },
    },
    async ({ params: { id }, scope, caller }, deps) => {
      const erasure = await eraseContact(deps.db, { scope, id, by: caller.id });
      return { status: 202, data: show(erasure) };
    },
  ),
  defineRoute(
    {
      ...common,
      method: 'get',
      path: '/v1/erasures',
      operationId: 'listErasures',
      summary: 'List erasures of contacts, newest first',
      workspace: { from: 'query', need: 'one' },
      query: z.object(listQuery),
      responses: { 200: { description: 'Erasures', data: shape, kind: 'page' } },
    },
    async ({ query, workspaceId }, deps) => {
      const paging = pagingOf(deps, { name: 'erasures', filters: { workspaceId }, ...query });
      return listed(await listErasures(deps.db, workspaceId, paging.request), paging, show);
    },
  ),
  defineRoute(
    {
      ...common,
      method: 'get',
      path: '/v1/erasures/{id}',
      operationId: 'getErasure',
      summary: 'Get an erasure',
      workspace: ofObject,
      params,
      responses: { 200: { description: 'The erasure', data: shape } },
    },
    async ({ params: { id }, scope }, deps) => {
      const erasure = await getErasure(deps.db, { scope, id });
      if (erasure === null) throw new ApiError('not_found', `There is no erasure ${id}.`);
      return ok(show(erasure));
    },
  ),
];
