import { z } from '@hono/zod-openapi';
import { type Retention, retentionKinds } from '../../core/retention.ts';
import { changeRetention } from '../../retention/rules.ts';
import { getRetention } from '../../store/retention.ts';
import { ok } from '../answer.ts';
import { defineRoute } from '../route.ts';
import { isoOrNull } from './times.ts';

const tag = 'retention';
const resource = 'retention';
const inWorkspace = { from: 'query', need: 'one' } as const;

const days = z.number().int().min(1).max(36_500).nullable();
const count = z.number().int().min(0).max(1_000_000_000).nullable();

const means: Readonly<Record<(typeof retentionKinds)[number], string>> = {
  runs: 'Runs that have ended, with their steps, outputs, approvals and hand-overs, and with the runs that they asked other agents for.',
  payloads:
    'What runs and trigger events were given, and outputs that are kept apart from the steps; the runs stay.',
  logs: 'What tools printed.',
  tool_runs: 'Tools that people ran by themselves.',
  trigger_events: 'What fired, with the verdicts on it.',
  deliveries: 'Webhooks out, with their attempts; without a rule they are kept for 30 days.',
};

function byKind<T>(of: (kind: (typeof retentionKinds)[number]) => T) {
  return Object.fromEntries(retentionKinds.map((kind) => [kind, of(kind)])) as Record<
    (typeof retentionKinds)[number],
    T
  >;
}

const ruleShape = z.object({ max_age_days: days, max_count: count }).nullable();

const retentionShape = z.object({
  workspace_id: z.string(),
  ...byKind((kind) => ruleShape.openapi({ description: means[kind] })),
  removed: z.object(byKind(() => z.number().int())).openapi({
    description: 'How much has been removed since there are rules; of logs in steps.',
  }),
  last_pass_at: z.string().nullable().openapi({ description: 'When all rules were last met.' }),
});

function show(retention: Retention) {
  return {
    workspace_id: retention.workspaceId,
    ...byKind((kind) => retention.rules[kind] ?? null),
    removed: byKind((kind) => retention.removed[kind] ?? 0),
    last_pass_at: isoOrNull(retention.passedAt),
  };
}

export const retentionRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/retention',
      operationId: 'getRetention',
      tag,
      summary: 'Get what the workspace keeps, and for how long',
      description: 'A kind that is null is kept for ever.',
      resource,
      right: 'read',
      workspace: inWorkspace,
      responses: { 200: { description: 'Rules', data: retentionShape } },
    },
    async ({ workspaceId }, deps) => ok(show(await getRetention(deps.db, workspaceId))),
  ),
  defineRoute(
    {
      method: 'patch',
      path: '/v1/retention',
      operationId: 'updateRetention',
      tag,
      summary: 'Change what the workspace keeps, and for how long',
      description:
        'A kind that is given replaces its rule; null keeps everything. What is older than `max_age_days`, or comes after `max_count` newer ones, is removed in the background, in small batches, and does not come back. Kept in any case: what has not ended or ended less than an hour ago, runs with an open escalation, a message on its way or a pending event, runs that tests were made from, and those of each agent’s latest test run.',
      resource,
      right: 'owner',
      workspace: inWorkspace,
      body: z.strictObject(
        byKind(() =>
          z
            .strictObject({ max_age_days: days.optional(), max_count: count.optional() })
            .nullable()
            .optional(),
        ),
      ),
      bodyRequired: true,
      bodyExample: { runs: { max_age_days: 90, max_count: 1_000_000 }, logs: { max_age_days: 14 } },
      responses: { 200: { description: 'Rules', data: retentionShape } },
    },
    async ({ body, workspaceId }, deps) =>
      ok(show(await changeRetention(deps.retention, workspaceId, body))),
  ),
];
