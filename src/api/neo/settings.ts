import { z } from '@hono/zod-openapi';
import { ApiError } from '../../core/errors.ts';
import { textLanguages } from '../../knowledge/languages.ts';
import { changeSettings } from '../../knowledge/settings.ts';
import { getSpaceSettings } from '../../store/kb-spaces.ts';
import { updateWorkspace } from '../../store/workspaces.ts';
import { ok } from '../answer.ts';
import type { ApiDeps } from '../deps.ts';
import { findWorkspace } from '../find.ts';
import { type Call, defineRoute } from '../route.ts';

// Neo's tenant settings, over the settings that a workspace has. What is set elsewhere here is null, and
// refused with the place where it is set: kept and without effect, it would promise what nothing does.

const common = {
  tag: 'Settings',
  resource: 'settings',
  path: '/public-api/settings',
  workspace: { from: 'header', need: 'one' },
} as const;

const perTrigger = 'each cron trigger and autopilot_schedule has its own, at /v1/agents';
const perAgent = 'the windows of an agent’s autopilot_schedule say it, at /v1/agents';
const elsewhere = {
  timezone: perTrigger,
  start_business_hours: perAgent,
  end_business_hours: perAgent,
  sleep_before_callback_processing_seconds:
    'an agent’s custom_response_delay_ms says it, at /v1/agents',
  referral_code: 'this server has none',
} as const;
type Elsewhere = keyof typeof elsewhere;

function forEachElsewhere<T>(of: (field: Elsewhere) => T): Record<Elsewhere, T> {
  const fields = Object.keys(elsewhere) as Elsewhere[];
  return Object.fromEntries(fields.map((field) => [field, of(field)])) as Record<Elsewhere, T>;
}

const nothing = (field: Elsewhere) =>
  ({ type: 'null', description: `Null: ${elsewhere[field]}.` }) as const;
const noValue = (field: Elsewhere) =>
  z
    .unknown()
    .refine((value) => value === null, `must be null: ${elsewhere[field]}`)
    .optional()
    .openapi(nothing(field));

const clientName = z.string().trim().min(1).max(200);
const language = z.enum(['auto', ...textLanguages] as [string, ...string[]]).openapi({
  description: 'Of knowledge that names none. `auto`: told by each text.',
});

const settingsShape = z
  .object({
    human_friendly_client_name: z.string().openapi({ description: 'The workspace’s name.' }),
    language,
    ...forEachElsewhere((field) => z.null().openapi({ description: nothing(field).description })),
    limits: z
      .object({
        requests_per_minute: z.number().int().nullable(),
        concurrent_executions: z.number().int().nullable(),
      })
      .openapi({
        description: 'Set by the server’s admin. Null is the server’s own; 0 requests is no limit.',
      }),
    updated_at: z.string().openapi({ format: 'date-time' }),
  })
  .openapi('TenantSettings');

export const settingsRoutes = [
  defineRoute(
    {
      ...common,
      method: 'get',
      operationId: 'public_api.settings_get',
      summary: 'Get the settings of the workspace',
      right: 'read',
      responses: { 200: { description: 'Success.', data: settingsShape } },
    },
    async ({ scope, workspaceId }, deps) => ok(await settingsOf(deps, { scope, workspaceId })),
  ),
  defineRoute(
    {
      ...common,
      method: 'put',
      operationId: 'public_api.settings_put',
      summary: 'Change the settings of the workspace',
      description: 'What is absent stays. How long things are kept is at `/v1/retention`.',
      right: 'owner',
      body: z
        .object({
          human_friendly_client_name: clientName.optional(),
          language: language.optional(),
          ...forEachElsewhere(noValue),
        })
        .openapi('UpdateTenantSettingsRequest'),
      bodyRequired: true,
      bodyExample: { human_friendly_client_name: 'Support' },
      responses: { 200: { description: 'Success.', data: settingsShape } },
    },
    async ({ body, scope, workspaceId }, deps) => {
      const { human_friendly_client_name: name, language } = body;
      if (language !== undefined) await changeSettings(deps.knowledge, workspaceId, { language });
      if (
        name !== undefined &&
        (await updateWorkspace(deps.db, scope, workspaceId, { name })) === null
      )
        throw new ApiError('not_found', 'The workspace has been deleted.');
      return ok(await settingsOf(deps, { scope, workspaceId }));
    },
  ),
];

async function settingsOf(
  deps: Pick<ApiDeps, 'db'>,
  { scope, workspaceId }: { readonly scope: Call['scope']; readonly workspaceId: string },
): Promise<z.input<typeof settingsShape>> {
  const workspace = await findWorkspace(deps, scope, workspaceId);
  const { language } = await getSpaceSettings(deps.db, workspaceId);
  return {
    human_friendly_client_name: workspace.name,
    language,
    ...forEachElsewhere(() => null),
    limits: {
      requests_per_minute: workspace.rateLimit,
      concurrent_executions: workspace.maxRunning,
    },
    updated_at: workspace.updatedAt.toISOString(),
  };
}
