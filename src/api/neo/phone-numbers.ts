import { z } from '@hono/zod-openapi';
import type { ExternalRecord } from '../../core/record.ts';
import { fieldsOf } from '../../records/check-data.ts';
import { builtInKind } from '../../records/kinds.ts';
import { listRecordsOf } from '../../records/list.ts';
import { listed } from '../answer.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { pageQuery } from './fields.ts';

// Numbers that a telephony service answers, as it tells them; this server answers no calls.

const kind = builtInKind('phone-numbers');

const row = z
  .looseObject({
    id: z.string(),
    phone_number: z.string(),
    display_name: z.string().nullable(),
    agent_id: z.string().nullable(),
    psa_settings: z.looseObject({}).nullable(),
    agent_settings: z.looseObject({}).nullable(),
    created_at: z.string().openapi({ format: 'date-time' }),
    updated_at: z.string().openapi({ format: 'date-time' }),
  })
  .openapi('PhoneNumber');

function show({ id, data, createdAt, updatedAt }: ExternalRecord) {
  return {
    ...fieldsOf(kind, data),
    ...{ id, created_at: createdAt.toISOString(), updated_at: updatedAt.toISOString() },
  };
}

export const getPhoneNumbers = defineRoute(
  {
    method: 'get',
    path: '/public-api/phone/numbers',
    operationId: 'public_api.phone_numbers_get',
    tag: 'Phone agent',
    summary: 'List phone numbers, newest first',
    description:
      'As a telephony service told them, by `PUT /v1/records/phone-numbers/{external_id}`.',
    resource: 'record',
    right: 'read',
    workspace: { from: 'header', need: 'one' },
    query: z.object(pageQuery),
    responses: { 200: { description: 'Success.', data: row, kind: 'page' } },
  },
  async ({ query: { page_size: limit, cursor }, workspaceId }, deps) => {
    const paging = pagingOf(deps, {
      name: 'phone-numbers',
      filters: { workspaceId },
      limit,
      cursor,
    });
    const request = { ...paging.request, order: 'desc' } as const;
    return listed(
      await listRecordsOf(deps.db, kind, { workspaceId, where: {} }, request),
      paging,
      show,
    );
  },
);
