import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { expect, onTestFinished, test } from 'vitest';
import { startServerProcess } from '../support/server-process.ts';
import { startReceiver } from '../support/webhook-receiver.ts';

// A real server: a webhook comes in, waits for its result, and the end of the run goes out by another.

test('a webhook in is answered with the result of its run, and its end goes out to a named network', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-webhooks-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const scripts = join(dataDir, 'scripts');
  mkdirSync(scripts);
  const finish = { name: 'finish', arguments: { disposition: 'resolved', response: 'Confirmed.' } };
  const script = { turns: [{ answer: { tool_calls: [finish] } }] };
  writeFileSync(join(scripts, 'hook.json'), JSON.stringify(script));
  await using receiver = await startReceiver();
  const arrival = new Promise<void>((resolve) => {
    receiver.respond = () => {
      resolve();
      return 200;
    };
  });
  await using server = await startServerProcess({
    dataDir,
    env: {
      SIGNALBOX_SCRIPTS_DIR: scripts,
      SIGNALBOX_DEFAULT_MODEL: 'scripted/hook',
      SIGNALBOX_WEBHOOK_PRIVATE_NETWORKS: '127.0.0.1',
    },
  });
  const subscribed = await server.call<{ data: { secret: string } }>('POST', '/v1/webhooks', {
    url: receiver.url,
    event_types: ['run.completed'],
  });
  expect(subscribed.status).toBe(201);
  const workspaces = await server.call<{ data: { id: string }[] }>('GET', '/v1/workspaces');
  const made = await server.call<{ data: { triggers: { config: { url: string } }[] } }>(
    'POST',
    '/v1/agents',
    {
      workspace_id: workspaces.body.data[0]?.id,
      name: 'Desk',
      description: 'Confirms.',
      instructions: 'Confirm.',
      triggers: [{ name: 'Hook', type: 'webhook', config: { respond: 'result' } }],
    },
  );
  const url = made.body.data.triggers[0]?.config.url ?? '';
  const answer = await fetch(server.url + url, { method: 'POST', body: 'reservation=res_123' });
  const body = (await answer.json()) as { runs: { id: string }[]; result: unknown };
  expect([answer.status, body.result]).toMatchObject([
    200,
    { status: 'completed', disposition: 'resolved', response: 'Confirmed.' },
  ]);
  await arrival;
  const [told] = receiver.received;
  const { secret } = subscribed.body.data;
  expect(new Webhook(secret).verify(told?.body ?? '', told?.headers ?? {})).toMatchObject({
    type: 'run.completed',
    data: { id: body.runs[0]?.id, response: 'Confirmed.' },
  });
}, 60_000);
