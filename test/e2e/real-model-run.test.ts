import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { requires } from '../support/requires.ts';
import { startServerProcess } from '../support/server-process.ts';

// A whole run on a real, small model: through the API, a real server and the sandbox. What so small a
// model decides is its own affair; that the run ends, that its trace is whole, is ours.
const baseUrl = process.env.SIGNALBOX_E2E_MODEL_URL ?? '';
const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-real-model-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

interface Data<T> {
  readonly data: T;
}
interface RunView {
  readonly id: string;
  readonly status: string;
  readonly disposition: string | null;
  readonly response: string | null;
  readonly error: string | null;
  readonly stop_reason: string | null;
  readonly total_cost: number | null;
  readonly token_usage: { readonly input: number; readonly output: number };
  readonly tool_trace: readonly { readonly name: string; readonly output: unknown }[];
}

describe(
  'a run on a real model',
  requires(baseUrl !== '', 'SIGNALBOX_E2E_MODEL_URL is not set'),
  () => {
    test('calls a tool in the sandbox, answers, and leaves a whole trace', {
      timeout: 300_000,
    }, async () => {
      await using server = await startServerProcess({
        dataDir,
        env: {
          OPENAI_COMPATIBLE_BASE_URL: baseUrl,
          OPENAI_COMPATIBLE_API_KEY: 'none',
          SIGNALBOX_DEFAULT_MODEL: 'openai-compatible/small',
        },
      });
      const workspaces = await server.call<Data<{ id: string }[]>>('GET', '/v1/workspaces');
      const workspace_id = workspaces.body.data[0]?.id;
      const tool = await server.call('POST', '/v1/custom-tools', {
        workspace_id,
        name: 'get-weather',
        description: 'Weather of a city',
        language: 'python',
        code: 'def main(**params):\n    return {"message": "sunny, 22 degrees in " + params["city"], "rawData": {"celsius": 22}}',
        parameters: { city: { type: 'string', required: true, description: 'The city.' } },
        enable_globally: true,
      });
      expect(tool.status).toBe(201);
      const agent = await server.call<Data<{ id: string }>>('POST', '/v1/agents', {
        workspace_id,
        name: 'Weather',
        description: 'You answer by calling tools.',
        instructions: 'What is the weather in Paris?',
        limits: { max_steps: 8, timeout_ms: 200_000 },
        triggers: [
          { name: 'hook', description: 'Asks.', type: 'webhook', config: {}, enabled: true },
        ],
      });
      const path = `/v1/agents/${agent.body.data.id}`;
      const dispatched = await server.call<Data<{ id: string }>>('POST', `${path}/run`, {
        payload: { question: 'What is the weather in Paris?' },
      });
      expect(dispatched.status).toBe(200);
      const run = await ended(() =>
        server.call<Data<RunView>>('GET', `${path}/runs/${dispatched.body.data.id}`),
      );
      expect(['completed', 'max_steps', 'failed']).toContain(run.stop_reason);
      expect(run.status === 'completed' ? run.disposition : run.error).not.toBeNull();
      expect(run.token_usage.input).toBeGreaterThan(50);
      expect(run.token_usage.output).toBeGreaterThan(0);
      expect(run.total_cost).toBeNull();
      for (const call of run.tool_trace.filter(
        ({ name, output }) => name === 'get-weather' && output !== null,
      )) {
        expect(call.output).toMatchObject({ rawData: { celsius: 22 } });
      }
      process.stdout.write(
        `real model: ${run.status}, ${run.tool_trace.length} tool calls, response ${JSON.stringify(run.response)}\n`,
      );
    });
  },
);

async function ended(
  read: () => Promise<{ readonly status: number; readonly body: Data<RunView> }>,
): Promise<RunView> {
  for (;;) {
    const { status, body } = await read();
    expect(status).toBe(200);
    if (body.data.status === 'completed' || body.data.status === 'failed') return body.data;
    await sleep(500);
  }
}
