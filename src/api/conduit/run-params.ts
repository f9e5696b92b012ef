import { z } from '@hono/zod-openapi';
import { idParam } from './fields.ts';

export const agentParams = z.object({ id: idParam('Agent', 'ag77c0dy0mgdpzmqz6tesry8w184002s') });

/** `run_id` takes either of a run's ids. */
export const runParams = agentParams.extend({
  run_id: idParam('Run', 'ar77c0dy0mgdpzmqz6tesry8w184002s'),
});
