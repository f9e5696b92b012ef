import { z } from '@hono/zod-openapi';
import { alertFields } from '../../alerts/alert-input.ts';
import { createAlert, patchAlert, removeAlert, requireAlert } from '../../alerts/alerts.ts';
import type { AlertRule } from '../../core/alert.ts';
import { listAlerts } from '../../store/alerts.ts';
import { listAlertNotices } from '../../store/notices.ts';
import { created, deleted, listed, ok } from '../answer.ts';
import { keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { deletion, idParam, listQuery, ofObject, workspaceIdField } from './fields.ts';
import { iso, isoOrNull } from './times.ts';

const tag = 'alerts';
const resource = 'alert';
const params = z.object({ id: idParam('Alert', 'al77c0dy0mgdpzmqz6tesry8w184002s') });

const alertShape = z.object({
  id: z.string(),
  workspace_id: z.string(),
  name: z.string(),
  kind: z.string(),
  settings: z.record(z.string(), z.unknown()),
  notify: z.object({ emails: z.array(z.string()), slack_secret: z.string().nullable() }),
  enabled: z.boolean(),
  state: z.enum(['ok', 'firing']),
  since: z.string().nullable().openapi({ description: 'Since when it fires.' }),
  summary: z.string().nullable().openapi({ description: 'What is so, while it fires.' }),
  run_id: z.string().nullable().openapi({ description: 'A run to look at.' }),
  checked_at: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
});

const alertDetailShape = alertShape.extend({
  notices: z.array(
    z.object({
      channel: z.string(),
      target: z.string(),
      subject: z.string(),
      attempts: z.number().int(),
      sent_at: z.string().nullable(),
      error: z.string().nullable(),
      created_at: z.string(),
    }),
  ),
});

function showAlert(rule: AlertRule) {
  return {
    id: rule.id,
    workspace_id: rule.workspaceId,
    name: rule.name,
    kind: rule.kind,
    settings: rule.settings,
    notify: rule.notify,
    enabled: rule.enabled,
    state: rule.state,
    since: isoOrNull(rule.since),
    summary: rule.summary,
    run_id: rule.runId,
    checked_at: isoOrNull(rule.checkedAt),
    created_at: iso(rule.createdAt),
    updated_at: iso(rule.updatedAt),
  };
}

const fields = {
  name: alertFields.name,
  kind: alertFields.kind.openapi({
    description:
      '`failure_rate` (window_minutes, max_share; min_runs, agent_id), `trigger_silence` (trigger_id, window_minutes), `queue_age` (max_seconds), `spend` (window_minutes, max_cost_usd; agent_id), `budget_exceeded` (agent_id), `key_expiry` (within_days), `sandbox_degraded`.',
  }),
  settings: alertFields.settings,
  notify: alertFields.notify.openapi({
    description:
      'Addresses to mail, and the name of a secret with the URL of an incoming webhook of Slack. Webhooks that subscribed to `alert.*` are told in any case.',
  }),
  enabled: alertFields.enabled,
};

export const alertRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/alerts',
      operationId: 'listAlerts',
      tag,
      summary: 'List alerts',
      description: 'Rules, and how each stands.',
      resource,
      right: 'read',
      workspace: { from: 'query', need: 'one' },
      query: z.object(listQuery),
      responses: { 200: { description: 'Alerts', data: alertShape, kind: 'page' } },
    },
    async ({ query, workspaceId }, deps) => {
      const paging = pagingOf(deps, { name: 'alerts', filters: { workspaceId }, ...query });
      return listed(await listAlerts(deps.db, workspaceId, paging.request), paging, showAlert);
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/alerts',
      operationId: 'createAlert',
      tag,
      summary: 'Create alert',
      description:
        'It is looked at four times a minute, fires once when its condition comes to hold, and clears once when it no longer does.',
      resource,
      right: 'write',
      workspace: { from: 'body', need: 'one' },
      idempotent: 'create',
      body: z.object({
        workspace_id: workspaceIdField.optional(),
        ...fields,
        settings: fields.settings.optional(),
        notify: fields.notify.optional(),
        enabled: fields.enabled.optional(),
      }),
      bodyRequired: true,
      bodyExample: {
        name: 'Many runs fail',
        kind: 'failure_rate',
        settings: { window_minutes: 15, max_share: 0.2, min_runs: 5 },
      },
      errors: { 409: 'The workspace has too many alerts' },
      responses: { 201: { description: 'Alert created', data: alertShape } },
    },
    async ({ body, workspaceId, idempotency }, deps) => {
      const answerOf = (rule: AlertRule) => created(showAlert(rule));
      const input = {
        workspaceId,
        name: body.name,
        kind: body.kind,
        settings: body.settings ?? {},
        notify: body.notify ?? { emails: [], slack_secret: null },
        enabled: body.enabled ?? true,
      };
      const keep = keepAnswer(deps, idempotency, answerOf);
      return answerOf(await createAlert(deps.alerts, input, keep));
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/alerts/{id}',
      operationId: 'getAlert',
      tag,
      summary: 'Get alert',
      description: 'With its latest messages, and whether they were sent.',
      resource,
      right: 'read',
      workspace: ofObject,
      params,
      responses: { 200: { description: 'Alert', data: alertDetailShape } },
    },
    async ({ params: { id }, scope }, deps) => {
      const rule = await requireAlert(deps.db, { scope, id });
      const notices = await listAlertNotices(deps.db, rule.id);
      return ok({
        ...showAlert(rule),
        notices: notices.map((notice) => ({
          channel: notice.channel,
          target: notice.target,
          subject: notice.subject,
          attempts: notice.tries,
          sent_at: isoOrNull(notice.sent_at),
          error: notice.error,
          created_at: iso(notice.created_at),
        })),
      });
    },
  ),
  defineRoute(
    {
      method: 'patch',
      path: '/v1/alerts/{id}',
      operationId: 'updateAlert',
      tag,
      summary: 'Update alert',
      description: '`settings` and `notify` replace. It is looked at anew at once.',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      body: z.object(fields).partial(),
      bodyExample: { enabled: false },
      responses: { 200: { description: 'Alert', data: alertShape } },
    },
    async ({ params: { id }, scope, body }, deps) =>
      ok(showAlert(await patchAlert(deps.alerts, { scope, id }, body))),
  ),
  defineRoute(
    {
      method: 'delete',
      path: '/v1/alerts/{id}',
      operationId: 'deleteAlert',
      tag,
      summary: 'Delete alert',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      responses: { 200: { description: 'Alert deleted', data: deletion } },
    },
    async ({ params: { id }, scope }, deps) => {
      await removeAlert(deps.db, { scope, id });
      return deleted(id);
    },
  ),
];
