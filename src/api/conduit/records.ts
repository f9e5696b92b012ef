import { z } from '@hono/zod-openapi';
import { recordMaxima } from '../../core/record.ts';
import { actOn } from '../../records/act.ts';
import { requireKind } from '../../records/kinds.ts';
import { listRecordsOf } from '../../records/list.ts';
import { requireRecordOf } from '../../records/require-record.ts';
import { upsertRecord, upsertRecords } from '../../records/upsert.ts';
import { listed, ok } from '../answer.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { listQuery, moment } from './fields.ts';
import { order } from './inbox-fields.ts';
import {
  data,
  externalId,
  showResult,
  source,
  sourceName,
  upsertResult,
  version,
} from './record-fields.ts';
import { showRecord } from './record-view.ts';

const tag = 'records';
const resource = 'record';
const workspace = { from: 'query', need: 'one' } as const;
const kind = z.string().openapi({ description: 'Kind of records.', example: 'reservations' });
const ofKind = z.object({ kind });
const params = z.object({ kind, external_id: externalId });
const anyRecord = z.looseObject({
  id: z.string(),
  workspace_id: z.string(),
  external_id: z.string(),
  source: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
});
const ofSource = sourceName
  .optional()
  .openapi({ description: 'Where several sources call one so.' });

/** `status:confirmed`, as often as there are fields. */
const where = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .refine((parts) => parts.every((part) => /^[a-z][a-z0-9_]*:./.test(part)), {
    message: 'must be like status:confirmed, several between commas',
  })
  .transform(
    (parts): Record<string, string> =>
      Object.fromEntries(
        parts.map((part) => [part.slice(0, part.indexOf(':')), part.slice(part.indexOf(':') + 1)]),
      ),
  )
  .optional()
  .openapi({
    type: 'string',
    description:
      'Fields that the kind is filtered by, with values: `status:confirmed,listing_id:12`.',
  });

export const recordRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/records/{kind}',
      operationId: 'listRecords',
      tag,
      summary: 'List records of a kind',
      description: 'Ordered by what the kind says, its `order_by`; newest first.',
      resource,
      right: 'read',
      workspace,
      params: ofKind,
      query: z.object({
        ...listQuery,
        where,
        contact_id: z.string().optional(),
        from: moment.optional().openapi({ description: 'By what it is ordered; inclusive.' }),
        to: moment.optional().openapi({ description: 'Exclusive.' }),
        order,
      }),
      responses: { 200: { description: 'Records', data: anyRecord, kind: 'page' } },
    },
    async ({ params, query, workspaceId }, deps) => {
      const { limit, cursor, order, ...given } = query;
      const found = await requireKind(deps.db, { workspaceId, name: params.kind });
      const filters = { kind: found.name, workspaceId, order, ...given };
      const paging = pagingOf(deps, { name: 'records', filters, limit, cursor });
      const filter = {
        ...{ workspaceId, contactId: given.contact_id, from: given.from, to: given.to },
        where: given.where ?? {},
      };
      const page = await listRecordsOf(deps.db, found, filter, { ...paging.request, order });
      return listed(page, paging, (record) => showRecord(found, record));
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/records/{kind}',
      operationId: 'upsertRecords',
      tag,
      summary: 'Tell of many records',
      description:
        'All or nothing, in order. What was told before, or comes late, changes nothing and fires nothing; a result says so for each.',
      resource,
      right: 'write',
      workspace,
      params: ofKind,
      maxBodyBytes: 8 * 1024 * 1024,
      body: z.object({
        source,
        records: z
          .array(
            z
              .object({
                external_id: externalId,
                data: data.optional(),
                deleted: z.boolean().default(false),
                version,
              })
              .refine((one) => one.deleted || one.data !== undefined, {
                message: 'is required unless `deleted` is true',
                path: ['data'],
              }),
          )
          .min(1)
          .max(recordMaxima.batch),
      }),
      bodyRequired: true,
      bodyExample: {
        source: 'pms',
        records: [
          {
            external_id: 'HM4K2',
            data: { status: 'confirmed', arrival_date: '2026-04-03' },
            version: 7,
          },
        ],
      },
      errors: { 409: 'One version with two contents, or none where there was one' },
      responses: { 200: { description: 'What became of each', data: z.array(upsertResult) } },
    },
    async ({ params, body, workspaceId }, deps) => {
      const told = body.records.map((one) => ({
        ...{ source: body.source, externalId: one.external_id, version: one.version },
        data: one.deleted ? null : (one.data ?? {}),
      }));
      const results = await upsertRecords(deps, { workspaceId, kind: params.kind }, told);
      return ok(results.map(showResult));
    },
  ),
  defineRoute(
    {
      method: 'put',
      path: '/v1/records/{kind}/{external_id}',
      operationId: 'upsertRecord',
      tag,
      summary: 'Tell of a record',
      description:
        'Creates it or replaces what is known of it. What was told before, or comes late, changes nothing and fires nothing. A change fires `record.created` or `record.updated`, with what was before and what is after.',
      resource,
      right: 'write',
      workspace,
      params,
      body: z.object({ source, data, version }),
      bodyRequired: true,
      bodyExample: {
        source: 'pms',
        data: { status: 'confirmed', arrival_date: '2026-04-03' },
        version: 7,
      },
      errors: { 409: 'One version with two contents, or none where there was one' },
      responses: { 200: { description: 'What became of it', data: upsertResult } },
    },
    async ({ params, body, workspaceId }, deps) => {
      const told = { ...body, externalId: params.external_id };
      return ok(showResult(await upsertRecord(deps, { workspaceId, kind: params.kind }, told)));
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/records/{kind}/{external_id}',
      operationId: 'getRecord',
      tag,
      summary: 'Get a record',
      resource,
      right: 'read',
      workspace,
      params,
      query: z.object({ source: ofSource }),
      errors: { 409: 'Several sources call one so' },
      responses: { 200: { description: 'Record', data: anyRecord } },
    },
    async ({ params, query, workspaceId }, deps) => {
      const found = await requireKind(deps.db, { workspaceId, name: params.kind });
      const of = { workspaceId, kind: found.name };
      const key = { externalId: params.external_id, source: query.source };
      return ok(showRecord(found, await requireRecordOf(deps.db, of, key)));
    },
  ),
  defineRoute(
    {
      method: 'delete',
      path: '/v1/records/{kind}/{external_id}',
      operationId: 'deleteRecord',
      tag,
      summary: 'Tell that a record is no more',
      description: 'It comes back by a newer version only; what is older than this is late.',
      resource,
      right: 'write',
      workspace,
      params,
      query: z.object({
        source,
        version: z
          .string()
          .regex(/^\d{1,15}$/, 'must be a whole number')
          .transform(Number)
          .optional(),
      }),
      responses: { 200: { description: 'What became of it', data: upsertResult } },
    },
    async ({ params, query, workspaceId }, deps) => {
      const told = {
        ...{ source: query.source, externalId: params.external_id },
        ...{ version: query.version ?? null, data: null },
      };
      return ok(showResult(await upsertRecord(deps, { workspaceId, kind: params.kind }, told)));
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/records/{kind}/{external_id}/actions/{action}',
      operationId: 'actOnRecord',
      tag,
      summary: 'Move a record to another state',
      description: 'Actions, and the states that they lead from and to, are the kind’s `states`.',
      resource,
      right: 'write',
      workspace,
      params: params.extend({ action: z.string().openapi({ example: 'close' }) }),
      query: z.object({ source: ofSource }),
      errors: { 409: 'Its state forbids it' },
      responses: { 200: { description: 'The record after it', data: anyRecord } },
    },
    async ({ params, query, workspaceId, scope }, deps) => {
      const found = await requireKind(deps.db, { workspaceId, name: params.kind });
      const of = { workspaceId, kind: found.name };
      const key = { externalId: params.external_id, source: query.source };
      const { id } = await requireRecordOf(deps.db, of, key);
      const after = await actOn(deps, { scope, id, kind: found.name }, params.action);
      return ok(showRecord(found, after));
    },
  ),
];
