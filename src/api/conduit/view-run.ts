import type { Run } from '../../core/run.ts';
import { clusterPageOf } from '../../engine/cluster-ui.ts';
import { findEscalationOfRun } from '../../store/escalations.ts';
import { listFeedback } from '../../store/feedback.ts';
import { readJournal } from '../../store/journal.ts';
import type { SharedReads } from '../../store/shared-reads.ts';
import { findSupersedingRun } from '../../store/superseding-run.ts';
import type { ApiDeps } from '../deps.ts';
import { showRun } from './run-view.ts';

/** The run with its trace, and with what became of its hand-over to people. */
export async function viewRun(
  deps: Pick<ApiDeps, 'db' | 'clusterUi'>,
  run: Run,
  reads: Pick<SharedReads, 'journal' | 'feedback'> = {
    journal: (id) => readJournal(deps.db, id),
    feedback: (id) => listFeedback(deps.db, [id]),
  },
) {
  const isHandedOver =
    run.disposition === 'escalated' || run.disposition === 'escalation_and_answer';
  const [journal, escalation, supersededBy, feedback] = await Promise.all([
    reads.journal(run.id),
    isHandedOver ? findEscalationOfRun(deps.db, run.id) : null,
    findSupersedingRun(deps.db, run),
    reads.feedback(run.id),
  ]);
  const engineUrl = deps.clusterUi ? clusterPageOf(deps.clusterUi, run) : null;
  return showRun(run, journal, { escalation, supersededBy, feedback, engineUrl });
}
