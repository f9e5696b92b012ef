import { DBOS } from '@dbos-inc/dbos-sdk';
import { urlOf } from '../../support/postgres.ts';
import { type OpenSubject, requireCount } from '../subject.ts';
import { payload, steps } from '../work.ts';

// DBOS as its documentation calls it fastest: a workflow started directly, without a queue; no tracing.

export const openDbos: OpenSubject = async ({ connection }) => {
  const workflow = DBOS.registerWorkflow(
    async (_given: typeof payload) => {
      await DBOS.runStep(steps.decide, { name: 'decide' });
      await DBOS.runStep(steps.lookUp, { name: 'lookUp' });
      return await DBOS.runStep(steps.respond, { name: 'respond' });
    },
    { name: 'threeSteps' },
  );
  DBOS.setConfig({
    name: 'bench',
    systemDatabaseUrl: urlOf(connection),
    systemDatabasePoolSize: 20,
    logLevel: 'error',
    tracingEnabled: false,
  });
  await DBOS.launch();
  return {
    async run() {
      await workflow(payload);
    },
    async verify(runs) {
      const stored = await DBOS.listWorkflows({
        status: 'SUCCESS',
        loadInput: false,
        loadOutput: false,
      });
      requireCount('workflows', stored.length, runs);
    },
    [Symbol.asyncDispose]: () => DBOS.shutdown(),
  };
};
