import { setTimeout as sleep } from 'node:timers/promises';
import {
  type FakeProvider,
  type FakeRequest,
  startFakeProvider,
} from '../support/fake-provider.ts';
import type { FakeAnswer } from '../support/fake-wire.ts';
import type { Answer, ServerProcess } from '../support/server-process.ts';

// The load of the crash proofs: every run asks a model, calls a tool in the sandbox, asks again, and
// finishes. The model is a provider outside the server that remembers what it was asked, so that a call
// which is made twice is seen by somebody who did not crash.

interface RunView {
  readonly id: string;
  readonly status: string;
  readonly error: string | null;
  readonly tool_trace: readonly { readonly error: string | null }[] | null;
}

interface StepView {
  readonly type: string;
  readonly status: string;
}

/** A provider whose answer depends only on how far the run has come. */
export async function startLoadModel(delayMs: number): Promise<FakeProvider> {
  return await startFakeProvider({
    answers: async (request): Promise<FakeAnswer> => {
      await sleep(delayMs);
      if (request.toolResults === 0) {
        return { toolCalls: [{ name: 'note', arguments: { number: runNumberOf(request) } }] };
      }
      return {
        toolCalls: [
          {
            name: 'finish',
            arguments: { disposition: 'resolved', response: `run ${runNumberOf(request)}` },
          },
        ],
      };
    },
  });
}

/** Which run a request belongs to: its payload carries a number. */
export function runNumberOf(request: FakeRequest): number {
  const match = /<payload>\s*\{\\?"n\\?":(\d+)\}/.exec(
    JSON.stringify(request.body).replaceAll('\\n', ''),
  );
  return Number(match?.[1] ?? Number.NaN);
}

/** The environment of a server that uses the provider. */
export function modelEnv(model: FakeProvider): Record<string, string> {
  return {
    OPENAI_COMPATIBLE_BASE_URL: `${model.url}/v1`,
    OPENAI_COMPATIBLE_API_KEY: 'sk-fake-0123456789',
    SIGNALBOX_DEFAULT_MODEL: 'openai-compatible/load',
  };
}

/** Makes the tool and the agent of the load; the agent's id. */
export async function createLoadAgent(server: ServerProcess): Promise<string> {
  const workspaces = await server.call<{ data: { id: string }[] }>('GET', '/v1/workspaces');
  const workspace_id = workspaces.body.data[0]?.id;
  await must(
    201,
    server.call('POST', '/v1/custom-tools', {
      workspace_id,
      name: 'note',
      description: 'Notes a number.',
      language: 'javascript',
      code: 'async function main(params) { return { message: "noted " + params.number }; }',
      parameters: { number: { type: 'integer', required: true, description: 'The number.' } },
      enable_globally: true,
    }),
  );
  const agent = await must(
    201,
    server.call<{ data: { id: string } }>('POST', '/v1/agents', {
      workspace_id,
      name: 'Load',
      description: 'Carries the load of a proof.',
      instructions: 'Call note with the number of the payload, then finish.',
      triggers: [{ name: 'hook', description: 'Load', type: 'webhook', config: {}, enabled: true }],
    }),
  );
  return agent.body.data.id;
}

async function must<T>(status: number, call: Promise<Answer<T>>): Promise<Answer<T>> {
  const answer = await call;
  if (answer.status !== status) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer;
}

/**
 * Dispatches run number `n` until a server acknowledges it, under one `Idempotency-Key`; the run's id.
 * The server may die and come back, at another address, at any moment.
 */
export async function dispatchUntilAcknowledged(
  current: () => ServerProcess,
  request: { readonly agentId: string; readonly n: number },
): Promise<string> {
  for (;;) {
    const answer = await current()
      .call<{ data: { id: string } }>(
        'POST',
        `/v1/agents/${request.agentId}/run`,
        { payload: { n: request.n } },
        { 'idempotency-key': `run-${request.n}` },
      )
      .catch(() => null);
    if (answer?.status === 200) return answer.body.data.id;
    if (answer !== null && answer.status !== 503) {
      // Its log says more, and is a moment behind.
      await sleep(300);
      throw new Error(
        `Dispatch answered ${answer.status}: ${JSON.stringify(answer.body)}\n${current().stderr()}`,
      );
    }
    await sleep(20);
  }
}

export interface LoadFigures {
  readonly acknowledged: number;
  readonly completed: number;
  readonly failed: number;
  readonly stuck: number;
  readonly modelCalls: number;
  readonly lostModelCalls: number;
  readonly interruptedToolCalls: number;
  /** Runs that asked without a tool's result after they had asked with one. Must be 0. */
  readonly forgotResults: number;
  /** Calls of a turn beyond the first that the trace does not show as lost. Must be 0. */
  readonly repeatedModelCalls: number;
}

/** Waits until all runs have ended, then holds the provider's memory against the traces. */
export async function judgeLoad(given: {
  readonly server: ServerProcess;
  readonly model: FakeProvider;
  readonly agentId: string;
  readonly ids: ReadonlyMap<number, string>;
  readonly patienceMs: number;
}): Promise<LoadFigures> {
  const { server, model, agentId, ids } = given;
  const views = new Map<number, RunView>();
  const deadline = Date.now() + given.patienceMs;
  while (views.size < ids.size && Date.now() < deadline) {
    for (const [n, id] of ids) {
      if (views.has(n)) continue;
      const answer = await server.call<{ data: RunView }>(
        'GET',
        `/v1/agents/${agentId}/runs/${id}`,
      );
      // The last kill may be only a moment ago.
      if (answer.status === 503) continue;
      if (answer.status !== 200) throw new Error(`Run ${n} answered ${answer.status}`);
      if (['completed', 'failed'].includes(answer.body.data.status)) views.set(n, answer.body.data);
    }
    await sleep(100);
  }
  const byRun = Map.groupBy(model.requests, runNumberOf);
  let lostModelCalls = 0;
  let repeatedModelCalls = 0;
  let forgotResults = 0;
  let interruptedToolCalls = 0;
  for (const [n, id] of ids) {
    const requests = byRun.get(n) ?? [];
    const turns = requests.map((request) => request.turn);
    if (turns.some((turn, index) => turns.slice(0, index).some((earlier) => earlier > turn))) {
      forgotResults += 1;
    }
    const steps = await server.call<{ data: StepView[] }>(
      'GET',
      `/v1/agents/${agentId}/runs/${id}/steps`,
    );
    const models = steps.body.data.filter((step) => step.type === 'model');
    const lost = models.filter((step) => step.status === 'lost').length;
    lostModelCalls += lost;
    repeatedModelCalls += Math.max(0, requests.length - models.length);
    interruptedToolCalls += steps.body.data.filter((step) => step.status === 'interrupted').length;
  }
  const ended = [...views.values()];
  return {
    acknowledged: ids.size,
    completed: ended.filter((run) => run.status === 'completed').length,
    failed: ended.filter((run) => run.status === 'failed').length,
    stuck: ids.size - ended.length,
    modelCalls: model.requests.length,
    lostModelCalls,
    interruptedToolCalls,
    forgotResults,
    repeatedModelCalls,
  };
}
