import { z } from '@hono/zod-openapi';
import { refusal } from '../../core/validate.ts';
import type { WorkspaceScope } from '../../core/workspace-scope.ts';
import { readAgentLabels } from '../../store/agent-labels.ts';
import { listAgentsByIds } from '../../store/agents.ts';
import { type AgentFigures, type FigureWindow, readAgentFigures } from '../../store/run-figures.ts';
import type { ApiDeps } from '../deps.ts';
import { autonomyKindOf } from './agent-attributes.ts';

// What agents' executions of a window come to, as Neo's pages show it.

const count = z.number().int();
export const seconds = z.number().nullable();
const time = z.string().openapi({ format: 'date-time' });

export const windowShape = z.object({ since: time, until: time, timezone: z.literal('UTC') });

const rowShape = z
  .object({
    agent_id: z.number().int(),
    agent_name: z.string(),
    executions: count,
    failures: count,
    p95_total_duration_seconds: seconds,
    p95_actual_work_seconds: seconds.openapi({
      description:
        'In which a call of a model or tool was under way, several at once counted once.',
    }),
    p95_overhead_seconds: seconds.openapi({
      description: 'The rest: in the queue, waiting for people or limits, between calls.',
    }),
    psa_calls: count.openapi({ description: 'Calls of tools, of whatever system.' }),
    llm_calls_by_purpose: z.array(
      z.object({
        purpose: z.string().openapi({ description: '`agent` or `guardrail`.' }),
        model: z.string(),
        count,
        p95_duration_seconds: z.number(),
      }),
    ),
  })
  .openapi('WorkflowPerformance');

export const performanceShape = z.object({
  window: windowShape,
  agents: z.array(rowShape).openapi({ description: 'Those with the most executions first.' }),
});

/** Refuses a window that is empty or too long; `names` are those of its query parameters. */
export function requireWindow(
  window: Pick<FigureWindow, 'from' | 'to'>,
  of: { readonly names: readonly [from: string, to: string]; readonly longestDays: number },
): void {
  const [from, to] = of.names;
  const ms = window.to.getTime() - window.from.getTime();
  const problem =
    ms <= 0
      ? `must be before ${to}`
      : ms > of.longestDays * dayMs
        ? `must be at most ${of.longestDays} days before ${to}`
        : null;
  if (problem !== null) throw refusal(new Map([[from, problem]]));
}

export const dayMs = 24 * 3_600_000;

/** The rows of a window; where an autonomy type is wanted, of agents that have it now: deleted ones are then left out. */
export async function viewPerformance(
  deps: Pick<ApiDeps, 'db'>,
  window: FigureWindow,
  wanted?: { readonly scope: WorkspaceScope; readonly autonomyType: string },
): Promise<z.input<typeof performanceShape>> {
  const figures = await readAgentFigures(deps.db, window);
  const ids = figures.map((each) => each.agentId);
  const labels = await readAgentLabels(deps.db, ids);
  const shown = wanted === undefined ? null : await agentsOfType(deps, wanted, ids);
  return {
    window: showWindow(window),
    agents: figures.flatMap((each) => {
      const label = labels.get(each.agentId);
      if (label === undefined || (shown !== null && !shown.has(each.agentId))) return [];
      return [{ agent_id: label.number, agent_name: label.name, ...showFigures(each) }];
    }),
  };
}

async function agentsOfType(
  deps: Pick<ApiDeps, 'db'>,
  wanted: { readonly scope: WorkspaceScope; readonly autonomyType: string },
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const agents = await listAgentsByIds(deps.db, wanted.scope, ids);
  const ofType = agents.filter(
    (agent) => autonomyKindOf(agent.definition, agent.triggers) === wanted.autonomyType,
  );
  return new Set(ofType.map((agent) => agent.id));
}

export function showWindow({ from, to }: Pick<FigureWindow, 'from' | 'to'>) {
  return { since: from.toISOString(), until: to.toISOString(), timezone: 'UTC' as const };
}

function showFigures(figures: AgentFigures) {
  return {
    executions: figures.runs,
    failures: figures.failed,
    p95_total_duration_seconds: inSeconds(figures.p95TotalMs),
    p95_actual_work_seconds: inSeconds(figures.p95WorkMs),
    p95_overhead_seconds: inSeconds(figures.p95OverheadMs),
    psa_calls: figures.toolCalls,
    llm_calls_by_purpose: figures.modelCalls.map((call) => ({
      purpose: call.purpose,
      model: call.model,
      count: call.count,
      p95_duration_seconds: call.p95Ms / 1_000,
    })),
  };
}

export function inSeconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1_000;
}
