import { testRunsWork } from '../../src/agent-tests/test-runs-work.ts';
import type { ModelAnswer, ModelClient, ModelRequest } from '../../src/core/model.ts';
import type { AgentTool } from '../../src/tools/tool.ts';
import { DueLoop } from '../../src/triggers/due-loop.ts';
import { createTestApi, type TestApi } from './api.ts';
import { silent, startTestEngine } from './engine.ts';

/** What a model of a test says: text, or calls of tools. */
export type Said = string | readonly { readonly name: string; readonly arguments: object }[];

/** A model that is a function of what it is asked. Every call costs 0.01 USD, unless its price is unknown. */
export function modelOf(
  say: (request: ModelRequest) => Said | Promise<Said>,
  price: number | null = 0.01,
): ModelClient {
  return {
    async call(request): Promise<ModelAnswer> {
      const said = await say(request);
      const turn = request.messages.length;
      return {
        text: typeof said === 'string' ? said : '',
        reasoning: null,
        toolCalls:
          typeof said === 'string'
            ? []
            : said.map((call, index) => ({
                callId: `c${turn}_${index}`,
                name: call.name,
                argumentsText: JSON.stringify(call.arguments),
              })),
        finishReason: 'stop',
        usage: {
          inputTokens: 10,
          outputTokens: 10,
          cachedInputTokens: 0,
          cacheWriteTokens: 0,
          reasoningTokens: 0,
        },
        costUsd: price,
        failedAttempts: [],
      };
    },
    cost: () => price,
    whyUnusable: (model) => (model.startsWith('no/') ? 'there is no such provider' : null),
    whyIncomplete: () => null,
  };
}

/** An API with an engine and whoever goes on with test runs; the tools are those of every agent. */
export async function createTestedApi(given: {
  readonly models: ModelClient;
  readonly tools?: readonly AgentTool[];
}): Promise<
  TestApi & {
    /** The test run once it has ended, with the results of its runs. */
    readonly tested: (body: object) => Promise<{ testRun: Shown; results: Shown[] }>;
    readonly ended: (id: string) => Promise<{ testRun: Shown; results: Shown[] }>;
    readonly restartWork: () => Promise<void>;
  }
> {
  const stack = new AsyncDisposableStack();
  const api = stack.use(await createTestApi({ models: given.models, defaultModel: 'test/one' }));
  const { db } = api.deps;
  const engine = stack.use(
    await startTestEngine({ db, models: given.models, tools: given.tools ?? [] }),
  );
  await engine.start();
  const startWork = () => {
    const loop = new DueLoop(testRunsWork({ ...api.deps, engine: engine.engine }), silent);
    loop.start();
    return loop;
  };
  let work = startWork();
  stack.defer(() => work[Symbol.asyncDispose]());
  const ended = async (id: string) => {
    const until = Date.now() + 40_000;
    for (;;) {
      const { json } = await api.request('GET', `/v1/tests/runs/${id}`);
      if (['completed', 'cancelled'].includes(json.data.status)) {
        const results = await api.request('GET', `/v1/tests/runs/${id}/results?limit=100`);
        return { testRun: json.data, results: results.json.data };
      }
      if (Date.now() > until)
        throw new Error(`The test run has not ended: ${JSON.stringify(json)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  return {
    ...api,
    ended,
    async tested(body) {
      const started = await api.request('POST', '/v1/tests/runs', { body });
      if (started.status !== 201) throw new Error(`${started.status} ${started.text}`);
      return await ended(started.json.data.id);
    },
    async restartWork() {
      await work[Symbol.asyncDispose]();
      work = startWork();
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: tests reach into answers of every shape.
type Shown = any;

/**
 * A model that does what its instructions say, as far as it knows the words: `look up` makes it look the order
 * up first, `offer N` makes it promise N percent. As a judge it likes what says “sorry”.
 */
export function assistant({ model, messages }: ModelRequest): Said {
  const system = messages[0]?.text ?? '';
  if (system.startsWith('You judge')) {
    const passed = /<reply>[\s\S]*sorry/.test(messages[1]?.text ?? '');
    return [
      {
        name: 'verdict',
        arguments: { passed, reason: `The reply ${passed ? '' : 'never '}says sorry.` },
      },
    ];
  }
  const order = /"order":"(\w+)"/.exec(messages[1]?.text ?? '')?.[1] ?? '';
  const result = messages.find((message) => message.role === 'tool')?.text;
  if (system.includes('look up') && result === undefined) {
    return [{ name: 'look-up', arguments: { order } }];
  }
  const offer = /offer (\d+)/.exec(system)?.[1];
  const state = /"state":"(\w+)"/.exec(result ?? '')?.[1] ?? 'unknown';
  const response = `We are sorry: order ${order} is ${state}.${offer === undefined ? '' : ` You get ${offer} % back.`}`;
  const disposition = model === 'test/lazy' ? 'escalated' : 'resolved';
  return [
    {
      name: 'finish',
      arguments: { disposition, disposition_reason: 'told', response, reflection: '' },
    },
  ];
}
