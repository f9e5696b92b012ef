import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { requires } from '../support/requires.ts';
import { startServerProcess } from '../support/server-process.ts';
import { repositoryRoot } from '../support/source-tree.ts';

// A skill of a public repository (Playwright's, Apache-2.0, as its package ships it) in a run on a real, small
// model. What so small a model makes of it is its own affair; that it is offered, and loaded whole where it is
// asked for, is ours.
const baseUrl = process.env.SIGNALBOX_E2E_MODEL_URL ?? '';
const folder = join(
  repositoryRoot,
  'node_modules/playwright-core/lib/tools/skills/playwright-trace',
);
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
  readonly tool_trace: readonly {
    readonly name: string;
    readonly status: string;
    readonly output: { readonly rawData: Readonly<Record<string, unknown>> } | null;
  }[];
}

describe(
  'a published skill',
  requires(baseUrl !== '', 'SIGNALBOX_E2E_MODEL_URL is not set'),
  () => {
    test('is used in a run on a real model', { timeout: 300_000 }, async () => {
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
        instructions: 'Call load_skill with the name playwright-trace, then answer from it.',
        skill_ids: [skill.body.data.id],
        limits: { max_steps: 6, timeout_ms: 200_000 },
        triggers: [{ name: 'hook', type: 'webhook', config: {} }],
      });
      const path = `/v1/agents/${agent.body.data.id}`;
      const dispatched = await server.call<Data<{ id: string }>>('POST', `${path}/run`, {
        payload: { question: 'How do I open a trace?' },
      });
      const read = async () => {
        const at = `${path}/runs/${dispatched.body.data.id}`;
        return (await server.call<Data<RunView>>('GET', at)).body.data;
      };
      let run = await read();
      for (; !['completed', 'failed'].includes(run.status); run = await read()) await sleep(500);
      expect(run.status === 'completed' ? run.disposition : run.error).not.toBeNull();
      const [offered, ...calls] = run.tool_trace;
      expect(offered).toMatchObject({
        name: 'open_context',
        output: { rawData: { skills: [{ name: 'playwright-trace', version: 1 }] } },
      });
      const loaded = calls.filter(({ name, status }) => name === 'load_skill' && status === 'done');
      for (const { output } of loaded) {
        expect(output?.rawData).toMatchObject({ body: skill.body.data.body });
      }
      process.stdout.write(
        `real model: ${run.status}, the skill was loaded ${loaded.length} times, ${calls.length} calls\n`,
      );
    });
  },
);
