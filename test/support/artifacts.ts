import { newId } from '../../src/core/ids.ts';
import type { CallFile } from '../../src/core/sandbox.ts';
import { keepFiles } from '../../src/runs/keep-files.ts';
import type { Queryable } from '../../src/store/connect.ts';
import { keepFile } from '../../src/store/spills.ts';

const note: CallFile = {
  name: 'note.md',
  mediaType: 'text/markdown',
  bytes: Buffer.from('# Done'),
};

/** Has a run hand a file over: its id. Of a run that an engine has taken, it is the id of no file: that journal is the engine's. */
export async function addArtifact(db: Queryable, runId: string, file = note): Promise<string> {
  const spills = {
    write: () => Promise.reject(new Error('Nothing else is written.')),
    read: () => Promise.resolve(null),
    keepFile: (kept: { readonly id: string; readonly step: number; readonly bytes: Buffer }) =>
      keepFile({ db }, { ...kept, runId }),
  };
  const signal = AbortSignal.timeout(20_000);
  const given = { step: 1, files: [file], signal };
  const { artifacts = [] } = (await keepFiles({ entries: [], spills }, given)) ?? {};
  const data = {
    ...{ callId: 'call_1', name: 'report', inputJson: '{}', toolVersion: null, logs: null },
    ...{ outputJson: '{"message":"kept"}', error: null, modelText: 'kept', durationMs: 1 },
    ...{ attempts: 1, artifacts },
  };
  await db.execute({
    text: `WITH untaken AS (
        UPDATE runs SET last_seq = 1 WHERE id = $1 AND last_seq = 0 AND owner IS NULL RETURNING id
      )
      INSERT INTO journal (run_id, unit_id, seq, step, type, state, data)
      SELECT id, $2, 1, 1, 'tool', 'done', $3 FROM untaken`,
    values: [runId, newId('unit'), JSON.stringify(data)],
  });
  return artifacts[0]?.id ?? '';
}
