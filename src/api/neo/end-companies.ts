import { z } from '@hono/zod-openapi';
import type { ExternalRecord } from '../../core/record.ts';
import { createHere, patchHere } from '../../records/change-here.ts';
import { fieldOf } from '../../records/check-data.ts';
import { builtInKind } from '../../records/kinds.ts';
import { listRecordsOf } from '../../records/list.ts';
import { requireRecordOf } from '../../records/require-record.ts';
import { created, listed, ok } from '../answer.ts';
import { keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { pageQuery } from './fields.ts';

// Customers of a service provider and its technicians: records of built-in kinds, by the ids of its PSA system.

const resource = 'record';
const workspace = { from: 'header', need: 'one' } as const;
const companies = builtInKind('end-companies');
const technicians = builtInKind('technicians');
const params = z.object({
  psa_company_id: z.string().openapi({ description: 'What the PSA system calls it.' }),
});

const text = z.string().max(20_000).nullable().optional();
const anyObject = z.looseObject({}).nullable().optional();
const name = z.string().min(1).max(200);
const id = z.string().min(1).max(200);

const companyFields = {
  psa_company_name: name,
  tenant_id: z.string().max(200).nullable().optional(),
  custom_instructions: text,
  custom_instructions_for_user_facing_chat: text,
  employee_identity_provider: anyObject,
  mailbox_provider: anyObject,
  marketplace_company_ids: z.array(z.string()).nullable().optional(),
  auto_assign_exchange_admin: z.boolean().nullable().optional(),
};

const nullable = (shape: z.ZodType) => shape.nullable();
const company = z
  .looseObject({
    id: z.string(),
    psa_company_id: z.string(),
    psa_company_name: z.string(),
    tenant_id: nullable(z.string()),
    custom_instructions: nullable(z.string()),
    custom_instructions_for_user_facing_chat: nullable(z.string()),
    employee_identity_provider: nullable(z.looseObject({})),
    mailbox_provider: nullable(z.looseObject({})),
    marketplace_company_ids: nullable(z.array(z.unknown())),
    auto_assign_exchange_admin: nullable(z.boolean()),
    azure_application_access_granted: nullable(z.boolean()),
    azure_delegated_access_granted: nullable(z.boolean()),
    created_at: z.string().openapi({ format: 'date-time' }),
    updated_at: z.string().openapi({ format: 'date-time' }),
  })
  .openapi('EndCompany');

const technician = z
  .looseObject({
    id: z.string(),
    psa_technician_id: z.string(),
    name: z.string(),
    email: nullable(z.string()),
    is_active: nullable(z.boolean()),
    role: nullable(z.string()),
    teams: nullable(z.array(z.unknown())),
    user_id: nullable(z.string()),
    timezone: nullable(z.string()),
    created_at: z.string().openapi({ format: 'date-time' }),
    updated_at: z.string().openapi({ format: 'date-time' }),
  })
  .openapi('Technician');

/** Fields of the kind, null where there is no value, beside what every record has. */
function show(kind: typeof companies, record: ExternalRecord) {
  const values = kind.fields.map((field) => [field.name, fieldOf(record.data, field.name)]);
  return {
    ...Object.fromEntries(values),
    id: record.id,
    [kind.externalIdField ?? 'external_id']: record.externalId,
    created_at: record.createdAt.toISOString(),
    updated_at: record.updatedAt.toISOString(),
  };
}

export const companyRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/public-api/end-companies',
      operationId: 'public_api.end_companies_get',
      tag: 'End companies',
      summary: 'List end companies, newest first',
      resource,
      right: 'read',
      workspace,
      query: z.object({ tenant_id: id.optional(), ...pageQuery }),
      responses: { 200: { description: 'Success.', data: company, kind: 'page' } },
    },
    async ({ query: { page_size: limit, cursor, ...where }, workspaceId }, deps) => {
      const filters = { workspaceId, ...where };
      const paging = pagingOf(deps, { name: 'end-companies', filters, limit, cursor });
      const request = { ...paging.request, order: 'desc' } as const;
      const page = await listRecordsOf(deps.db, companies, { workspaceId, where }, request);
      return listed(page, paging, (record) => show(companies, record));
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/public-api/end-companies',
      operationId: 'public_api.end_companies_post',
      tag: 'End companies',
      summary: 'Create an end company',
      resource,
      right: 'write',
      workspace,
      idempotent: 'create',
      body: z.object({ psa_company_id: id, ...companyFields }),
      bodyRequired: true,
      bodyExample: { psa_company_id: '4711', psa_company_name: 'Example Ltd' },
      errors: { 409: 'There is one of this id' },
      responses: { 201: { description: 'Created.', data: company } },
    },
    async ({ body, workspaceId, idempotency }, deps) => {
      const { psa_company_id: externalId, ...data } = body;
      const answerOf = (record: ExternalRecord) => created(show(companies, record));
      const inTransaction = keepAnswer(deps, idempotency, answerOf);
      const of = { workspaceId, kind: companies.name };
      return answerOf(await createHere(deps, of, { externalId, data, inTransaction }));
    },
  ),
  defineRoute(
    {
      method: 'put',
      path: '/public-api/end-companies',
      operationId: 'public_api.end_companies_put',
      tag: 'End companies',
      summary: 'Update many end companies, all or none',
      description: 'Only what is given changes; null takes a value away.',
      resource,
      right: 'write',
      workspace,
      body: z.object({
        companies: z
          .array(
            z.object({ psa_company_id: id, ...companyFields, psa_company_name: name.optional() }),
          )
          .max(200),
      }),
      bodyRequired: true,
      bodyExample: { companies: [] },
      errors: { 404: 'One of them is unknown', 409: 'Several sources have one of this id' },
      responses: { 200: { description: 'Success.', data: z.array(company) } },
    },
    async ({ body, workspaceId }, deps) => {
      const of = { workspaceId, kind: companies.name };
      const patches = body.companies.map(({ psa_company_id: externalId, ...patch }) => {
        return { externalId, patch };
      });
      return ok((await patchHere(deps, of, patches)).map((record) => show(companies, record)));
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/public-api/end-companies/{psa_company_id}',
      operationId: 'public_api.end_companies_detail_get',
      tag: 'End companies',
      summary: 'Get an end company',
      resource,
      right: 'read',
      workspace,
      params,
      errors: { 409: 'Several sources have one of this id' },
      responses: { 200: { description: 'Success.', data: company } },
    },
    async ({ params: { psa_company_id: externalId }, workspaceId }, deps) => {
      const of = { workspaceId, kind: companies.name };
      return ok(show(companies, await requireRecordOf(deps.db, of, { externalId })));
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/public-api/technicians',
      operationId: 'public_api.technicians_get',
      tag: 'Technicians',
      summary: 'List technicians, newest first',
      resource,
      right: 'read',
      workspace,
      query: z.object({
        email: id.optional(),
        role: id.optional(),
        is_active: z.enum(['true', 'false']).optional(),
        ...pageQuery,
      }),
      responses: { 200: { description: 'Success.', data: technician, kind: 'page' } },
    },
    async ({ query: { page_size: limit, cursor, ...where }, workspaceId }, deps) => {
      const filters = { workspaceId, ...where };
      const paging = pagingOf(deps, { name: 'technicians', filters, limit, cursor });
      const request = { ...paging.request, order: 'desc' } as const;
      const page = await listRecordsOf(deps.db, technicians, { workspaceId, where }, request);
      return listed(page, paging, (record) => show(technicians, record));
    },
  ),
];
