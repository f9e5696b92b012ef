import { dataOf, type SignalboxClient } from './client.ts';
import { followRun, type RunDetail, type RunEvent } from './follow-run.ts';

export interface RunAndWaitOptions {
  readonly agentId: string;
  readonly payload?: unknown;
  readonly triggerId?: string;
  /** The same key again gives the same run; one is made when none is given. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

/**
 * Dispatches an agent and waits for the end of its run, over restarts of the server. Gives the run, failed
 * or completed. An abort ends the waiting, not the run.
 */
export async function runAndWait(
  client: SignalboxClient,
  options: RunAndWaitOptions,
): Promise<RunDetail> {
  const { agentId, payload, triggerId, idempotencyKey, signal, onEvent } = options;
  const dispatched = await dataOf(
    client.v1.POST('/v1/agents/{id}/run', {
      params: {
        path: { id: agentId },
        ...(idempotencyKey === undefined ? {} : { header: { 'Idempotency-Key': idempotencyKey } }),
      },
      body: {
        ...(payload === undefined ? {} : { payload }),
        ...(triggerId === undefined ? {} : { trigger_id: triggerId }),
      },
      ...(signal === undefined ? {} : { signal }),
    }),
  );
  const following = { agentId, runId: dispatched.id, ...(signal === undefined ? {} : { signal }) };
  for await (const event of followRun(client, following)) onEvent?.(event);
  return await dataOf(
    client.v1.GET('/v1/agents/{id}/runs/{run_id}', {
      params: { path: { id: agentId, run_id: dispatched.id } },
      ...(signal === undefined ? {} : { signal }),
    }),
  );
}
