import { z } from '@hono/zod-openapi';
import { refusal } from '../../core/validate.ts';
import { readAgentLabels } from '../../store/agent-labels.ts';
import { readUsage, type UsageGroup, type UsageSums, usageGroups } from '../../store/usage.ts';
import { ok } from '../answer.ts';
import { findAgentId } from '../find.ts';
import { integerParam } from '../paging.ts';
import { defineRoute } from '../route.ts';

const count = z.number().int();
const sumsShape = {
  runs: count,
  completed: count,
  failed: count,
  cancelled: count,
  token_usage: z.object({ input: count, output: count }),
  total_cost: z.number().openapi({ description: 'USD, of what has a known price.' }),
  runs_of_unknown_cost: count.openapi({
    description: 'Runs, and calls of embedding and ranking models, of which a price is unknown.',
  }),
};

const usageShape = z.object({
  from: z.string(),
  to: z.string(),
  group_by: z.array(z.enum(usageGroups)),
  totals: z.object(sumsShape),
  groups: z
    .array(
      z.object({
        day: z.string().nullable(),
        agent_id: z.string().nullable().openapi({
          description: 'Null for what no run asked for: indexing and searches of people.',
        }),
        agent_name: z.string().nullable(),
        model: z.string().nullable(),
        trigger_id: z
          .string()
          .nullable()
          .openapi({ description: 'Null for runs without a trigger, or when not grouped by it.' }),
        ...sumsShape,
      }),
    )
    .openapi({ description: 'The newest day first, then the dearest.' }),
  truncated: z.boolean().openapi({ description: 'There are more groups; the totals are whole.' }),
});

const longestDays = 400;
const dayMs = 24 * 3_600_000;

const day = z.iso
  .date({ error: 'must be a day such as 2026-04-03' })
  // The database knows no year 0.
  .refine((text) => !text.startsWith('0000'), { error: 'must be a day such as 2026-04-03' });

const groupBy = z
  .string()
  .refine(
    (text) => groupsIn(text) !== null,
    `must be some of ${usageGroups.join(', ')}, each once, with commas in between`,
  )
  .transform((text) => groupsIn(text) ?? [])
  .default(['day'])
  .openapi({
    type: 'string',
    default: 'day',
    description: 'Some of `day`, `agent`, `model`, `trigger`; empty for the totals alone.',
  });

export const getUsage = defineRoute(
  {
    method: 'get',
    path: '/v1/usage',
    operationId: 'getUsage',
    tag: 'usage',
    summary: 'Runs, tokens and money by day, agent, model and trigger',
    description:
      'Of the runs that ended on the days from `from` to `to`, both included, in UTC; the last 30 days. What a run asked other agents for are runs of their own, each counted once. Calls of embedding and ranking models count when they are made, with the names of their models: to the agent and the trigger of the run that searched, or to the workspace alone. The sums are exact at any moment.',
    resource: 'usage',
    right: 'read',
    workspace: { from: 'query', need: 'one' },
    query: z.object({
      from: day.optional(),
      to: day.optional(),
      group_by: groupBy,
      agent_id: z.string().optional(),
      model: z.string().max(300).optional(),
      trigger_id: z.string().max(64).optional(),
      limit: integerParam({ min: 1, max: 1_000, default: 1_000, description: 'Groups at most.' }),
    }),
    responses: { 200: { description: 'Sums', data: usageShape } },
  },
  async ({ query, scope, workspaceId }, deps) => {
    const to = query.to ?? dayOf(new Date());
    const from = query.from ?? dayOf(new Date(Date.parse(to) - 29 * dayMs));
    const days = (Date.parse(to) - Date.parse(from)) / dayMs + 1;
    if (days < 1) throw refusal(new Map([['from', 'must not be after to']]));
    if (days > longestDays) {
      throw refusal(new Map([['from', `must be at most ${longestDays} days before to`]]));
    }
    const agentId =
      query.agent_id === undefined ? null : await findAgentId(deps, scope, query.agent_id);
    const { totals, groups, isTruncated } = await readUsage(deps.db, {
      workspaceId,
      ...{ from, to, agentId },
      groupBy: query.group_by,
      model: query.model ?? null,
      triggerId: query.trigger_id ?? null,
      limit: query.limit,
    });
    const ids = groups.flatMap((group) => group.agentId ?? []);
    const labels = await readAgentLabels(deps.db, ids);
    return ok({
      ...{ from, to },
      group_by: query.group_by,
      totals: showSums(totals),
      groups: groups.map((group) => ({
        day: group.day,
        agent_id: group.agentId,
        agent_name: labels.get(group.agentId ?? '')?.name ?? null,
        model: group.model,
        trigger_id: group.triggerId,
        ...showSums(group),
      })),
      truncated: isTruncated,
    } satisfies z.input<typeof usageShape>);
  },
);

function groupsIn(text: string): UsageGroup[] | null {
  if (text === '') return [];
  const given = text.split(',');
  const known = usageGroups.filter((group) => given.includes(group));
  return known.length === given.length ? known : null;
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}

function showSums(sums: UsageSums) {
  return {
    runs: sums.runs,
    completed: sums.completed,
    failed: sums.failed,
    cancelled: sums.cancelled,
    token_usage: { input: sums.inputTokens, output: sums.outputTokens },
    total_cost: sums.costUsd,
    runs_of_unknown_cost: sums.runsOfUnknownCost,
  };
}
