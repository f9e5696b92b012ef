import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createTinyServer, sendJson } from '../../test/support/tiny-server.ts';
import { createScriptFinder } from '../models/script.ts';
import { createApiClient } from './api-client.ts';
import { createExample, exampleFolder, readExample } from './example.ts';

const folder = exampleFolder('reservations');

function copy(): string {
  const path = mkdtempSync(join(tmpdir(), 'signalbox-example-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  cpSync(folder, path, { recursive: true });
  return path;
}

describe('the reservations example', () => {
  test('has an agent that names its tools, in both languages, and the documented payload', async () => {
    const { agent, tools, payload } = await readExample(folder);
    expect(tools.map(({ definition }) => definition.name).toSorted()).toEqual(
      (agent.tools as string[]).toSorted(),
    );
    expect(tools.map(({ language }) => language).toSorted()).toEqual(['javascript', 'python']);
    expect(JSON.parse(payload)).toEqual({ reservation_id: 'res_123', status: 'confirmed' });
  });

  test('has a script that is one', () => {
    const findScript = createScriptFinder({ scriptsDir: join(folder, 'scripts') });
    expect(findScript('reservations').turns).toHaveLength(3);
  });

  test('becomes tools first and then the agent, in one workspace', async () => {
    await using server = await createTinyServer(({ body }, response) =>
      sendJson(response, { data: { id: 'x', ...JSON.parse(body) } }, { status: 201 }),
    );
    const client = createApiClient({ url: server.url, token: 't', userAgent: 'test' });
    const { agent } = await createExample(client, await readExample(folder), {
      workspaceId: 'ws1',
    });
    expect(agent.name).toBe('Reservation desk');
    const sent = server.seen.map(({ path, body }) => ({ path, ...JSON.parse(body) }));
    expect(sent).toMatchObject([
      { path: '/v1/custom-tools', name: 'cancellation-terms', language: 'javascript' },
      { path: '/v1/custom-tools', name: 'get-reservation', language: 'python' },
      { path: '/v1/agents', name: 'Reservation desk' },
    ]);
    for (const { workspace_id } of sent) expect(workspace_id).toBe('ws1');
  });
});

describe('an example with a mistake', () => {
  test.each([
    ['agent.json', (path: string) => rmSync(join(path, 'agent.json')), 'it does not exist'],
    ['agent.json', (path: string) => writeFileSync(join(path, 'agent.json'), '{'), 'is not JSON'],
    ['agent.json', (path: string) => writeFileSync(join(path, 'agent.json'), '[]'), 'JSON object'],
    ['tools', (path: string) => rmSync(join(path, 'tools'), { recursive: true }), 'does not exist'],
    [
      'get-reservation',
      (path: string) => rmSync(join(path, 'tools/get-reservation/tool.py')),
      'has no code',
    ],
  ])('is refused, and %s is named', async (file, spoil, message) => {
    const path = copy();
    spoil(path);
    const refusal = expect(readExample(path)).rejects;
    await refusal.toThrow(file);
    await expect(readExample(path)).rejects.toThrow(message);
  });
});
