import type { Artifact } from '../core/artifact.ts';
import type { ToolEnded } from '../core/journal.ts';
import type { Queryable } from './connect.ts';

/** The files of a run, in the order in which they were committed. Whoever asks has read the run in its scope first. */
export async function listArtifacts(db: Queryable, runId: string): Promise<readonly Artifact[]> {
  const rows = await db.query<{ step: number; data: string; created_at: Date; kept: string[] }>({
    name: 'artifacts-list',
    text: `SELECT j.step, j.data, j.created_at,
        ARRAY(SELECT s.id FROM spills s WHERE s.run_id = j.run_id AND s.step = j.step AND s.is_file) AS kept
      FROM journal j WHERE j.run_id = $1 AND j.type = 'tool' AND strpos(j.data, '"artifacts":[') > 0
      ORDER BY j.seq`,
    values: [runId],
  });
  return rows.flatMap((row) => {
    const { artifacts = [], name: tool } = JSON.parse(row.data) as ToolEnded;
    const { step, created_at: createdAt } = row;
    return artifacts.map((file) => {
      const isKept = row.kept.includes(file.id);
      return { ...file, step, tool, createdAt, isKept };
    });
  });
}
