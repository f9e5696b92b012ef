import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/engine-process.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { startReceiver } from '../support/webhook-receiver.ts';

// A real server, killed with its database between the reply of a run and its delivery.

interface Shown {
  readonly data: {
    readonly id: string;
    readonly status: string;
    readonly disposition_reason: string | null;
    readonly superseded_by: string | null;
    readonly direction: string;
    readonly agent_run_id: string | null;
    readonly payload: { readonly messages: readonly { readonly body: string }[] };
  };
}
type List = { readonly data: readonly Shown['data'][] };

test('three messages while the agent thinks, and a kill before the delivery: one reply, to all three, once', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-conversations-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const scripts = join(dataDir, 'scripts');
  mkdirSync(scripts);
  const finish = {
    name: 'finish',
    arguments: { disposition: 'resolved', response: 'On its way.' },
  };
  const thinks = { turns: [{ answer: { tool_calls: [finish], delay_ms: 2_500 } }] };
  writeFileSync(join(scripts, 'desk.json'), JSON.stringify(thinks));
  await using receiver = await startReceiver();
  // Until the kill nobody takes anything: what is sent before it is sent again, under the same id.
  let isDown = true;
  receiver.respond = () => (isDown ? 503 : 200);
  const start = () =>
    startServerProcess({
      dataDir,
      env: {
        SIGNALBOX_SCRIPTS_DIR: scripts,
        SIGNALBOX_DEFAULT_MODEL: 'scripted/desk',
        SIGNALBOX_WEBHOOK_PRIVATE_NETWORKS: '127.0.0.1',
      },
    });
  let server: ServerProcess = await start();
  try {
    const workspaces = await server.call<List>('GET', '/v1/workspaces');
    await server.call('POST', '/v1/agents', {
      workspace_id: workspaces.body.data[0]?.id,
      name: 'Desk',
      description: 'Answers.',
      instructions: 'Answer.',
      auto_mark_as_done: true,
      triggers: [{ name: 'Messages', type: 'message', config: {} }],
    });
    const channel = await server.call<Shown>('POST', '/v1/channels', {
      ...{ type: 'webhook', name: 'Bridge', config: { url: receiver.url } },
      quiet_ms: 300,
    });
    const write = async (body: string) => {
      const path = `/v1/channels/${channel.body.data.id}/messages`;
      const message = { from: { id: 'ada', name: 'Ada' }, body, external_id: body };
      expect((await server.call('POST', path, message)).status).toBeLessThan(300);
    };
    const runs = async () => (await server.call<List>('GET', '/v1/runs')).body.data.toReversed();
    await write('Where is my order?');
    await eventually(async () => (await runs())[0]?.status === 'running', 60_000);
    await write('It is number 17.');
    await write('From Monday.');
    await eventually(async () => (await runs())[1]?.status === 'completed', 60_000);
    await server.killGroup();
    isDown = false;
    server = await start();
    await eventually(() => receiver.acknowledged.length > 0, 90_000);
    const [first, second, ...others] = await runs();
    expect(others).toEqual([]);
    const of = async (id: string | undefined) =>
      (await server.call<Shown>('GET', `/v1/runs/${id}`)).body.data;
    expect(await of(first?.id)).toMatchObject({
      disposition_reason: 'superseded',
      superseded_by: second?.id,
    });
    expect((await of(second?.id)).payload.messages.map(({ body }) => body)).toEqual([
      'Where is my order?',
      'It is number 17.',
      'From Monday.',
    ]);
    const [conversation] = (await server.call<List>('GET', '/v1/conversations')).body.data;
    expect(conversation).toMatchObject({ state: 'done' });
    const list = `/v1/conversations/${conversation?.id}/messages`;
    const sent = async () =>
      (await server.call<List>('GET', list)).body.data.filter((m) => m.direction === 'outbound');
    await eventually(async () => (await sent())[0]?.status === 'sent', 60_000);
    expect((await sent()).map((message) => message.agent_run_id)).toEqual([second?.id]);
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1);
    expect(receiver.acknowledged.length).toBe(1);
  } finally {
    await server[Symbol.asyncDispose]();
  }
}, 240_000);
