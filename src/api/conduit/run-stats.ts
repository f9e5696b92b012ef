import { z } from '@hono/zod-openapi';
import { ApiError } from '../../core/errors.ts';
import { type RunStats, readRunStats } from '../../store/run-stats.ts';
import { ok } from '../answer.ts';
import { findAgentId } from '../find.ts';
import { integerParam } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { moment } from './fields.ts';
import { iso } from './times.ts';

const count = z.number().int();
const counts = {
  completed: count,
  failed: count.openapi({ description: 'Failed or cancelled.' }),
  open: count.openapi({ description: 'Accepted or running.' }),
  total_cost: z.number().openapi({ description: 'USD, of the runs whose cost is known.' }),
};

const statsShape = z.object({
  from: z.string(),
  to: z.string(),
  bucket_ms: z.number(),
  buckets: z
    .array(z.object({ start: z.string(), ...counts }))
    .openapi({ description: 'The whole time in equal parts, empty ones included.' }),
  agents: z
    .array(
      z.object({
        agent_id: z.string(),
        ...counts,
        p50_duration_ms: z.number().nullable(),
        last_run_at: z.string(),
      }),
    )
    .openapi({ description: 'Those with runs in this time.' }),
});

const defaultWindowMs = 24 * 3_600_000;

/** Stands before the route of one run, whose id it would otherwise be read as. */
export const getRunStats = defineRoute(
  {
    method: 'get',
    path: '/v1/runs/stats',
    operationId: 'getRunStats',
    tag: 'agents',
    summary: 'Count runs over time and by agent',
    description: 'Of the runs created at or after `from` and before `to`; the last 24 hours.',
    resource: 'run',
    right: 'read',
    workspace: { from: 'query', need: 'one' },
    query: z.object({
      agent_id: z.string().optional(),
      from: moment.optional(),
      to: moment.optional(),
      buckets: integerParam({ min: 1, max: 500, default: 48, description: 'Parts of the time.' }),
    }),
    responses: { 200: { description: 'Counts', data: statsShape } },
  },
  async ({ query, scope }, deps) => {
    const to = query.to ?? new Date();
    const from = query.from ?? new Date(to.getTime() - defaultWindowMs);
    if (from.getTime() >= to.getTime()) {
      throw new ApiError('validation_error', 'Invalid request: from must be before to.', {
        details: { from: 'must be before to' },
      });
    }
    const { buckets } = query;
    const agentId =
      query.agent_id === undefined ? null : await findAgentId(deps, scope, query.agent_id);
    const stats = await readRunStats(deps.db, { scope, agentId, from, to, buckets });
    return ok(show(stats, { from, to, buckets }));
  },
);

function show(
  stats: RunStats,
  { from, to, buckets }: { readonly from: Date; readonly to: Date; readonly buckets: number },
): z.input<typeof statsShape> {
  const bucketMs = (to.getTime() - from.getTime()) / buckets;
  const known = new Map(stats.buckets.map((bucket) => [bucket.index, bucket]));
  return {
    from: iso(from),
    to: iso(to),
    bucket_ms: bucketMs,
    buckets: Array.from({ length: buckets }, (_, index) => ({
      start: iso(new Date(from.getTime() + index * bucketMs)),
      ...showCounts(known.get(index)),
    })),
    agents: stats.agents.map((agent) => ({
      agent_id: agent.agentId,
      ...showCounts(agent),
      p50_duration_ms: agent.p50DurationMs,
      last_run_at: iso(agent.lastRunAt),
    })),
  };
}

type Counted = Pick<RunStats['buckets'][number], 'completed' | 'failed' | 'open' | 'costUsd'>;

function showCounts(counted: Counted | undefined) {
  return {
    completed: counted?.completed ?? 0,
    failed: counted?.failed ?? 0,
    open: counted?.open ?? 0,
    total_cost: counted?.costUsd ?? 0,
  };
}
