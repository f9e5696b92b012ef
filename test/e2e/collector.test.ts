import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as conventions from '@opentelemetry/semantic-conventions/incubating';
import { expect, test } from 'vitest';
import { hasCollector, startCollector } from '../support/collector.ts';
import { createTestDatabase } from '../support/database.ts';
import { requires } from '../support/requires.ts';
import { startServerProcess } from '../support/server-process.ts';

test('a collector of others takes the spans and metrics of a run, by the names that the conventions publish', {
  ...requires(hasCollector, 'no rotel (.ci/peers)'),
  timeout: 120_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-collected-'));
  try {
    await using collector = await startCollector();
    await using database = await createTestDatabase();
    await using server = await startServerProcess({
      dataDir: folder,
      env: {
        ...scripts(folder),
        DATABASE_URL: database.url,
        SIGNALBOX_SECRET_KEY: 'a secret key of this test, no other',
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      },
    });
    const workspaces = await server.call<{ data: { id: string }[] }>('GET', '/v1/workspaces');
    const agent = await server.call<{ data: { id: string } }>('POST', '/v1/agents', {
      workspace_id: workspaces.body.data[0]?.id,
      name: 'Collected',
      description: 'Is seen.',
      instructions: 'Finish.',
      triggers: [{ name: 'By hand', type: 'webhook', config: {} }],
    });
    const path = `/v1/agents/${agent.body.data.id}/run?wait=60`;
    const run = await server.call<{ data: { run: { status: string } } }>('POST', path, {});
    expect(run.body.data.run.status).toBe('completed');
    // Metrics go out once a minute, and at the end.
    await server[Symbol.asyncDispose]();
    const printed = await collector.until(
      (text) =>
        /Name +: invoke_agent Collected/.test(text) &&
        /Name +: chat collected/.test(text) &&
        /gen_ai\.client\.operation\.duration/.test(text),
    );
    const published = new Set<unknown>(Object.values(conventions));
    const names = new Set(
      [...printed.matchAll(/-> ([a-z_.]+):? /g)].flatMap(([, name = '']) =>
        name.startsWith('gen_ai.') ? [name] : [],
      ),
    );
    expect(names.size).toBeGreaterThan(8);
    for (const name of names) expect([name, published.has(name)]).toEqual([name, true]);
    expect(printed).toMatch(/service\.name: Str\(signalbox\)/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function scripts(folder: string): Record<string, string> {
  const dir = join(folder, 'scripts');
  mkdirSync(dir);
  const finish = { name: 'finish', arguments: { disposition: 'no_op', response: '' } };
  const script = { turns: [{ answer: { tool_calls: [finish] } }] };
  writeFileSync(join(dir, 'collected.json'), JSON.stringify(script));
  return { SIGNALBOX_SCRIPTS_DIR: dir, SIGNALBOX_DEFAULT_MODEL: 'scripted/collected' };
}
