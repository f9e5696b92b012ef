import { z } from '@hono/zod-openapi';
import type { ExternalRecord } from '../../core/record.ts';
import { type ToolSource, toolSourceKinds } from '../../core/tool-source.ts';
import { fieldOf, fieldsOf } from '../../records/check-data.ts';
import { builtInKind } from '../../records/kinds.ts';
import { listRecordsOf } from '../../records/list.ts';
import { mapTechnicians } from '../../records/map-technicians.ts';
import { listEnabledSourcesPage } from '../../store/tool-sources.ts';
import { listed, ok } from '../answer.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { moment, pageQuery } from './fields.ts';

// What the workspace is connected to, and what integrations tell of their synchronisations: records of a kind.

const tag = 'Integrations';
const workspace = { from: 'header', need: 'one' } as const;
const dayMs = 86_400_000;
const syncRuns = builtInKind('sync-runs');

const connection = z
  .object({
    name: z.string(),
    type: z.enum(toolSourceKinds),
    status: z.enum(['CONNECTED', 'ERROR', 'PENDING']),
    error: z.string().nullable(),
    tool_count: z.number().int(),
    requires_approval: z.boolean(),
    checked_at: z.string().nullable().openapi({ format: 'date-time' }),
  })
  .openapi('IntegrationStatus');

function showConnection(source: ToolSource): z.input<typeof connection> {
  const { name, kind: type, problem: error, tools, requiresApproval, toolsReadAt } = source;
  const isRead = toolsReadAt !== null || tools.length > 0;
  return {
    ...{ name, type, error, tool_count: tools.length, requires_approval: requiresApproval },
    status: error !== null ? 'ERROR' : isRead ? 'CONNECTED' : 'PENDING',
    checked_at: toolsReadAt?.toISOString() ?? null,
  };
}

const syncRun = z
  .looseObject({
    run_id: z.string(),
    integration: z.string(),
    started_at: z.string(),
    finished_at: z.string().nullable(),
    error: z.string().nullable(),
    dashboard_message: z.string().nullable(),
    activities: z.array(z.unknown()).openapi({
      description: 'Each with `activity_label`, `synced_count`, `total_count`, `failures`.',
    }),
    temporal_run_id: z.null(),
    temporal_workflow_id: z.null(),
  })
  .openapi('SyncRun');

function showSyncRun({ data, externalId }: ExternalRecord) {
  return {
    ...fieldsOf(syncRuns, data),
    run_id: externalId,
    activities: fieldOf(data, 'activities') ?? [],
    ...{ temporal_run_id: null, temporal_workflow_id: null },
  };
}

export const integrationRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/public-api/integrations',
      operationId: 'public_api.integrations_get',
      tag,
      summary: 'List what gives agents tools, and whether it can be reached, newest first',
      resource: 'tool',
      right: 'read',
      workspace,
      query: z.object(pageQuery),
      responses: { 200: { description: 'Success.', data: connection, kind: 'page' } },
    },
    async ({ query: { page_size: limit, cursor }, scope, workspaceId }, deps) => {
      const filters = { workspaceId };
      const paging = pagingOf(deps, { name: 'integrations', filters, limit, cursor });
      const page = await listEnabledSourcesPage(deps.db, scope, paging.request);
      return listed(page, paging, showConnection);
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/public-api/integrations/{name}/sync-runs',
      operationId: 'public_api.integrations_sync_runs_get',
      tag,
      summary: 'List synchronisations of an integration, newest first',
      description: 'As it told them, by `PUT /v1/records/sync-runs/{external_id}`.',
      resource: 'record',
      right: 'read',
      workspace,
      params: z.object({ name: z.string().max(200) }),
      query: z.object({
        since: moment('30 days before `until`, if not given.').optional(),
        until: moment('Now, if not given.').optional(),
        ...pageQuery,
      }),
      responses: { 200: { description: 'Success.', data: syncRun, kind: 'page' } },
    },
    async ({ params: { name }, query, workspaceId }, deps) => {
      const { page_size: limit, cursor, since, until } = query;
      const filters = { workspaceId, name, since, until };
      const paging = pagingOf(deps, { name: 'sync-runs', filters, limit, cursor });
      const to = until ?? new Date();
      const from = since ?? new Date(to.getTime() - 30 * dayMs);
      const filter = { workspaceId, from, to, where: { integration: name } };
      const request = { ...paging.request, order: 'desc' } as const;
      return listed(await listRecordsOf(deps.db, syncRuns, filter, request), paging, showSyncRun);
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/public-api/teams-availability/auto-map',
      operationId: 'public_api.teams_availability_auto_map_post',
      tag,
      summary: 'Say of technicians which member of the workspace they are',
      description: 'By their e-mail address. What somebody set before stays.',
      resource: 'record',
      right: 'write',
      workspace,
      responses: {
        200: {
          description: 'Success.',
          data: z.object({
            mapped: z.number().int(),
            kept: z.number().int(),
            unmatched: z.number().int(),
          }),
        },
      },
    },
    async ({ workspaceId }, deps) => ok(await mapTechnicians(deps.db, workspaceId)),
  ),
];
