import { z } from '@hono/zod-openapi';
import type { Agent } from '../../core/agent.ts';
import { ApiError } from '../../core/errors.ts';
import { type RunStatus, runStatuses } from '../../core/run.ts';
import { type AgentStats, readAgentStats } from '../../store/agent-stats.ts';
import { ok } from '../answer.ts';
import { findAgent } from '../find.ts';
import { defineRoute } from '../route.ts';
import { executionStatuses, executionStatusOf } from './execution-status.ts';
import { agentParams, moment } from './fields.ts';

const time = z.string().openapi({ format: 'date-time' });
const seconds = z.number().nullable();

const statsShape = z
  .object({
    agent_id: z.number().int(),
    agent_name: z.string(),
    window: z.object({ since: time, until: time, timezone: z.literal('UTC') }),
    executions: z.number().int(),
    executions_by_status: z.record(z.enum(executionStatuses), z.number().int()),
    failures: z.number().int(),
    success_rate: z
      .number()
      .nullable()
      .openapi({ description: 'Successes among successes and failures; null without either.' }),
    p50_total_duration_seconds: seconds,
    p95_total_duration_seconds: seconds,
    token_usage: z.object({ input: z.number().int(), output: z.number().int() }),
    total_cost: z
      .number()
      .nullable()
      .openapi({ description: 'USD, of the executions whose cost is known.' }),
    executions_of_unknown_cost: z.number().int(),
    last_execution: z
      .object({ execution_id: z.string(), status: z.enum(executionStatuses), created_at: time })
      .nullable()
      .openapi({ description: 'The newest of all, in the window or not.' }),
  })
  .openapi('AgentStats');

export const getAgentStats = defineRoute(
  {
    method: 'get',
    path: '/public-api/agents/{agent_id}/stats',
    operationId: 'public_api.agents_stats_get',
    tag: 'Agents',
    summary: 'Get statistics of an agent',
    description:
      'Over the executions that were created in the window: at or after `since`, before `until`.',
    resource: 'agent',
    right: 'read',
    workspace: { from: 'header', need: 'optional' },
    params: agentParams,
    query: z.object({
      since: moment('24 hours before `until`, if not given.').optional(),
      until: moment('Now, if not given.').optional(),
    }),
    responses: { 200: { description: 'Success.', data: statsShape } },
  },
  async ({ params, query, scope }, deps) => {
    const agent = await findAgent(deps, scope, params.agent_id);
    const range = { since: query.since ?? null, until: query.until ?? null };
    const stats = await readAgentStats(deps.db, agent.id, range);
    if (stats.since.getTime() < stats.until.getTime()) return ok(showStats(agent, stats));
    throw new ApiError('validation_error', 'Invalid request: since must be before until.', {
      details: { since: 'must be before until' },
    });
  },
);

function showStats(agent: Agent, stats: AgentStats): z.input<typeof statsShape> {
  const { completed, failed } = stats.byStatus;
  const { lastRun } = stats;
  return {
    agent_id: agent.number,
    agent_name: agent.definition.name,
    window: {
      since: stats.since.toISOString(),
      until: stats.until.toISOString(),
      timezone: 'UTC',
    },
    executions: stats.runs,
    executions_by_status: byExecutionStatus(stats.byStatus),
    failures: failed,
    success_rate: completed + failed === 0 ? null : completed / (completed + failed),
    p50_total_duration_seconds: inSeconds(stats.p50DurationMs),
    p95_total_duration_seconds: inSeconds(stats.p95DurationMs),
    token_usage: { input: stats.inputTokens, output: stats.outputTokens },
    total_cost: stats.costUsd,
    executions_of_unknown_cost: stats.runsOfUnknownCost,
    last_execution:
      lastRun === null
        ? null
        : {
            execution_id: lastRun.runId,
            status: executionStatusOf(lastRun.status),
            created_at: lastRun.createdAt.toISOString(),
          },
  };
}

function byExecutionStatus(byStatus: Readonly<Record<RunStatus, number>>) {
  const counts = Object.fromEntries(executionStatuses.map((status) => [status, 0]));
  for (const status of runStatuses) counts[executionStatusOf(status)] = byStatus[status];
  return counts as Record<(typeof executionStatuses)[number], number>;
}

function inSeconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1_000;
}
