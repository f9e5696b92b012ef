import {
  ActivityCancellationType,
  condition,
  continueAsNew,
  proxyActivities,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { type Activities, type RunInput, statusAttribute, wakeSignal } from './contract.ts';

// One workflow a run; its id is the run's public execution id. It decides when the run is driven, and knows
// nothing of it: the journal in Postgres is the only state, and history holds ids and times.
//
// It runs again from its history on other versions of this file: a change of the commands that it makes goes
// behind `patched('<name>')`, and test/engines/histories gets a history of before.

const maxTurns = 1_000;

const { drive } = proxyActivities<Activities>({
  // A drive ends after ten minutes between two steps; one step may take as long as the run's own limit.
  startToCloseTimeout: '24 hours',
  heartbeatTimeout: '10 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '15 seconds' },
});

export async function signalboxRun(input: RunInput): Promise<void> {
  let isWoken = false;
  let shown = 'running';
  setHandler(wakeSignal, () => {
    isWoken = true;
  });
  const show = (status: string) => {
    if (!input.hasAttributes || status === shown) return;
    shown = status;
    upsertSearchAttributes([{ key: statusAttribute, value: status }]);
  };
  for (let turn = 1; turn <= maxTurns && !workflowInfo().continueAsNewSuggested; turn++) {
    isWoken = false;
    const answer = await drive(input.runId);
    if (answer.kind === 'ended') return show('ended');
    if (answer.forMs === 0) continue;
    show('waiting');
    // A timer of more than a year is one that a signal ends.
    if (answer.forMs === null || answer.forMs > 365 * 86_400_000) await condition(() => isWoken);
    else await condition(() => isWoken, Math.ceil(answer.forMs));
    show('running');
  }
  await continueAsNew<typeof signalboxRun>(input);
}
