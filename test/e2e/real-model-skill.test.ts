import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { requires } from '../support/requires.ts';
import { startServerProcess } from '../support/server-process.ts';
import { repositoryRoot } from '../support/source-tree.ts';

// A skill of a public repository (Playwright's, Apache-2.0, as its package ships it) in a run on a real, small
// model. It is shown by example, as so small a model needs it, how another question is answered: the skill is
// loaded, and what it says is the answer. The answer to this one stands in the skill alone.
const baseUrl = process.env.SIGNALBOX_E2E_INSTRUCT_MODEL_URL ?? '';
const folder = join(
  repositoryRoot,
  'node_modules/playwright-core/lib/tools/skills/playwright-trace',
);
const question = 'How do I open a trace?';
const instructions = `Example:
User: <payload>
{"question": "How do I see the requests?"}
</payload>
Assistant: <tool_call>
{"name": "load_skill", "arguments": {"name": "playwright-trace"}}
</tool_call>
Result: # Skill playwright-trace
Assistant: With this command: npx playwright trace requests`;
const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-real-model-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

interface Data<T> {
  readonly data: T;
}
interface RunView {
  readonly id: string;
  readonly status: string;
  readonly error: string | null;
  readonly disposition: string | null;
  readonly response: string | null;
  readonly tool_trace: readonly {
    readonly name: string;
    readonly status: string;
    readonly output: { readonly rawData: Readonly<Record<string, unknown>> } | null;
  }[];
}

describe(
  'a published skill',
  requires(baseUrl !== '', 'SIGNALBOX_E2E_INSTRUCT_MODEL_URL is not set'),
  () => {
    test('is used in a run on a real model', { timeout: 600_000, retry: 0 }, async () => {
      await using server = await startServerProcess({
        dataDir,
        env: {
          OPENAI_COMPATIBLE_BASE_URL: baseUrl,
          OPENAI_COMPATIBLE_API_KEY: 'none',
          SIGNALBOX_DEFAULT_MODEL: 'openai-compatible/small',
        },
      });
      const files = readdirSync(folder).map((path) => ({
        path,
        content: readFileSync(join(folder, path), 'base64'),
        encoding: 'base64',
      }));
      const skill = await server.call<Data<{ id: string; body: string }>>(
        'POST',
        '/v1/skills/import',
        { files },
      );
      expect(skill.status).toBe(201);
      const workspaces = await server.call<Data<{ id: string }[]>>('GET', '/v1/workspaces');
      const agent = await server.call<Data<{ id: string }>>('POST', '/v1/agents', {
        workspace_id: workspaces.body.data[0]?.id,
        name: 'Traces',
        description: 'You answer by calling tools.',
        instructions,
        skill_ids: [skill.body.data.id],
        limits: { max_steps: 3, timeout_ms: 400_000 },
        triggers: [{ name: 'hook', type: 'webhook', config: {} }],
      });
      const path = `/v1/agents/${agent.body.data.id}`;
      const ask = async (payload: object) => {
        const dispatched = await server.call<Data<{ id: string }>>('POST', `${path}/run`, {
          payload,
        });
        const at = `${path}/runs/${dispatched.body.data.id}`;
        for (;;) {
          const { data: run } = (await server.call<Data<RunView>>('GET', at)).body;
          if (run.status === 'completed' || run.status === 'failed') return run;
          await sleep(500);
        }
      };
      // The same question has the same answer: it is asked once.
      const run = await ask({ question });
      const [offered, ...calls] = run.tool_trace;
      const loaded = calls.filter(({ name, status }) => name === 'load_skill' && status === 'done');
      process.stdout.write(
        `real model: ${run.status}, ${calls.length} calls, the skill was loaded ${loaded.length} times, response ${JSON.stringify(run.response)}\n`,
      );
      expect(offered).toMatchObject({
        name: 'open_context',
        output: { rawData: { skills: [{ name: 'playwright-trace', version: 1 }] } },
      });
      expect(run).toMatchObject({
        status: 'completed',
        disposition: 'resolved',
        response: expect.stringContaining('playwright trace open'),
      });
      expect(loaded.length).toBeGreaterThan(0);
      for (const { output } of loaded) {
        expect(output?.rawData).toMatchObject({ body: skill.body.data.body });
      }
    });
  },
);
