import { newId } from '../core/ids.ts';
import { readAgentLabels } from '../store/agent-labels.ts';
import type { Database } from '../store/connect.ts';
import { insertAnalysis } from '../store/insight-analyses.ts';
import { readWorkFigures } from '../store/run-figures.ts';
import { listRuns } from '../store/runs.ts';

// What agents did in a period, and what the time that they worked would have cost at an hourly rate. Measured figures
// only: how long a person would have taken is not guessed.

const hourMs = 3_600_000;

export interface AnalysisOrder {
  readonly workspaceId: string;
  readonly periodDays: number;
  readonly sampleSize: number;
  readonly hourlyRate: number;
  readonly currencySymbol: string;
}

/** Analyses the runs of the period up to now; the id of what was found. */
export async function analyzeRuns(db: Database, order: AnalysisOrder): Promise<string> {
  const { workspaceId, periodDays, hourlyRate } = order;
  const to = new Date();
  const from = new Date(to.getTime() - periodDays * 24 * hourMs);
  const figures = await readWorkFigures(db, { workspaceId, agentId: null, from, to });
  const labels = await readAgentLabels(
    db,
    figures.map(({ agentId }) => agentId),
  );
  const agents = figures.map((one) => ({
    agent_id: labels.get(one.agentId)?.number ?? null,
    agent_name: labels.get(one.agentId)?.name ?? null,
    ...{ executions: one.runs, succeeded: one.completed, failures: one.failed },
    ...{ entities: one.entities, tool_calls: one.toolCalls },
    ...{ work_hours: one.workMs / hourMs, work_value: (one.workMs / hourMs) * hourlyRate },
  }));
  const sum = (of: (one: (typeof agents)[number]) => number) =>
    agents.reduce((total, one) => total + of(one), 0);
  const sample = await listRuns(
    db,
    { scope: [workspaceId], from, statuses: ['completed'] },
    { limit: order.sampleSize, after: null },
  );
  const result = {
    window: { since: from.toISOString(), until: to.toISOString() },
    currency_symbol: order.currencySymbol,
    totals: {
      executions: sum((one) => one.executions),
      succeeded: sum((one) => one.succeeded),
      failures: sum((one) => one.failures),
      tool_calls: sum((one) => one.tool_calls),
      work_hours: sum((one) => one.work_hours),
      work_value: sum((one) => one.work_value),
    },
    agents,
    sample: sample.items.map((run) => ({
      execution_id: run.runId,
      entity_id: run.entityId,
      disposition: run.disposition,
      created_at: run.createdAt.toISOString(),
    })),
  };
  const id = newId('insightAnalysis');
  const resultJson = JSON.stringify(result);
  await db.transaction((tx) =>
    insertAnalysis(tx, { id, workspaceId, periodDays, hourlyRate, resultJson }),
  );
  return id;
}
