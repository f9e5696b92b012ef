import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/engine-process.ts';
import { startFakeProvider } from '../support/fake-provider.ts';
import { startServerProcess } from '../support/server-process.ts';

// What the dashboard asks for is scraped from a server that has run something.

const token = 'a token of the metrics';
const key = 'a key of the provider';
const finish = { disposition: 'no_op', response: 'Done.' };

/** Names of metrics in the dashboard's expressions: what stands before labels, a range or the end of an operand. */
function askedFor(): readonly string[] {
  const text = readFileSync(
    new URL('../../deploy/grafana-dashboard.json', import.meta.url),
    'utf8',
  );
  const names = new Set<string>();
  JSON.parse(text, (key, value) => {
    if (key !== 'expr') return value;
    const bare = String(value)
      .replaceAll(/\bby\s*\([^)]*\)/g, '')
      .replaceAll(/\{[^}]*\}/g, '');
    for (const [name] of bare.matchAll(/\b(?:signalbox|gen_ai)_[a-z_]+/g)) names.add(name);
    return value;
  });
  return [...names];
}

test('every metric of the dashboard is scraped from a server that has run something', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-metrics-'));
  try {
    await using database = await createTestDatabase();
    await using model = await startFakeProvider({
      apiKey: key,
      answers: () => ({ toolCalls: [{ name: 'finish', arguments: finish }] }),
    });
    await using server = await startServerProcess({
      dataDir,
      env: {
        DATABASE_URL: database.url,
        OPENAI_COMPATIBLE_API_KEY: key,
        OPENAI_COMPATIBLE_BASE_URL: `${model.url}/v1`,
        SIGNALBOX_DEFAULT_MODEL: 'openai-compatible/priced',
        SIGNALBOX_METRICS_TOKEN: token,
        SIGNALBOX_SECRET_KEY: 'a secret key of this test, no other',
      },
    });
    const make = async (path: string, body: object): Promise<string> => {
      const made = await server.call<{ data: { id: string } }>('POST', path, body);
      if (made.status > 202) throw new Error(`${path}: ${JSON.stringify(made.body)}`);
      return made.body.data.id;
    };
    const list = await server.call<{ data: { id: string }[] }>('GET', '/v1/workspaces');
    const of = { workspace_id: list.body.data[0]?.id ?? '' };
    await make('/v1/prices', { ...of, model: 'openai-compatible/priced', input: 1, output: 1 });
    const agent = await make('/v1/agents', {
      ...{ ...of, name: 'Measured', description: 'Answers.', instructions: 'Answer.' },
      triggers: [{ name: 'By hand', type: 'webhook', config: {} }],
    });
    const run = await make(`/v1/agents/${agent}/run`, {});
    const look = async () => {
      const path = `/v1/agents/${agent}/runs/${run}`;
      type Shown = { readonly status: string; readonly error: string | null };
      return (await server.call<{ data: Shown }>('GET', path)).body.data;
    };
    await eventually(async () => ['completed', 'failed'].includes((await look()).status), 60_000);
    expect(await look()).toMatchObject({ status: 'completed', error: null });
    const asked = askedFor();
    expect(asked.length).toBeGreaterThan(15);
    let missing = asked;
    const scraped = async () => {
      const answer = await fetch(`${server.url}/metrics`, {
        headers: { authorization: `Bearer ${token}` },
      });
      const text = await answer.text();
      const names = new Set([...text.matchAll(/^([a-z_]+)[{ ]/gm)].map(([, name]) => name));
      missing = asked.filter((name) => !names.has(name));
      return missing.length === 0;
    };
    await eventually(scraped, 30_000).catch(() => undefined);
    expect(missing).toEqual([]);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}, 150_000);
