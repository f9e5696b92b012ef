import { fromStorableText, toStorableText } from '../core/storable-text.ts';
import type { Queryable } from './connect.ts';

export interface InsightAnalysis {
  readonly id: string;
  readonly workspaceId: string;
  readonly periodDays: number;
  readonly hourlyRate: number;
  readonly resultJson: string;
  readonly completedAt: Date;
}

/** Keeps an analysis, and no older ones of the workspace than a hundred. */
export async function insertAnalysis(
  tx: Queryable,
  analysis: Omit<InsightAnalysis, 'completedAt'>,
): Promise<void> {
  await tx.execute({
    text: `INSERT INTO insight_analyses (id, workspace_id, period_days, hourly_rate, result)
      VALUES ($1, $2, $3, $4, $5)`,
    values: [
      analysis.id,
      analysis.workspaceId,
      analysis.periodDays,
      analysis.hourlyRate,
      toStorableText(analysis.resultJson),
    ],
  });
  await tx.execute({
    text: `DELETE FROM insight_analyses WHERE id IN (
      SELECT id FROM insight_analyses WHERE workspace_id = $1
      ORDER BY completed_at DESC, id DESC OFFSET 100)`,
    values: [analysis.workspaceId],
  });
}

/** The latest one; null as long as there is none. */
export async function getLatestAnalysis(
  db: Queryable,
  workspaceId: string,
): Promise<InsightAnalysis | null> {
  const [row] = await db.query<{
    id: string;
    period_days: number;
    hourly_rate: number;
    result: string;
    completed_at: Date;
  }>({
    text: `SELECT id, period_days, hourly_rate, result, completed_at FROM insight_analyses
      WHERE workspace_id = $1 ORDER BY completed_at DESC, id DESC LIMIT 1`,
    values: [workspaceId],
  });
  if (row === undefined) return null;
  return {
    id: row.id,
    workspaceId,
    periodDays: row.period_days,
    hourlyRate: row.hourly_rate,
    resultJson: fromStorableText(row.result),
    completedAt: row.completed_at,
  };
}
