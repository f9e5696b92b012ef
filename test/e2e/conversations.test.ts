import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { all, tail, textOf, until } from '../support/chat.ts';
import { eventually } from '../support/engine-process.ts';
import { fakeApiKey, startFakeProvider } from '../support/fake-provider.ts';
import {
  type ServerProcess,
  startServerProcess,
  testAdminToken,
} from '../support/server-process.ts';
import { startReceiver } from '../support/webhook-receiver.ts';

// A real server, killed with its database between the reply of a run and its delivery, and in the middle of a chat's stream.

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

test('three messages while the agent thinks, and a kill before the delivery: one reply, to all three, once; a chat goes on after its last event', async () => {
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
  // The first answer stops in its middle, for ever.
  const answer = 'It is on its way and comes tomorrow.';
  await using provider = await startFakeProvider({
    answers: (_, index) => (index === 0 ? { text: answer, hang: 'during' } : { text: answer }),
  });
  // Until the kill nobody takes anything: what is sent before it is sent again, under the same id.
  let isDown = true;
  receiver.respond = () => (isDown ? 503 : 200);
  const start = () =>
    startServerProcess({
      dataDir,
      env: {
        SIGNALBOX_SCRIPTS_DIR: scripts,
        SIGNALBOX_DEFAULT_MODEL: 'scripted/desk',
        OPENAI_COMPATIBLE_BASE_URL: `${provider.url}/v1`,
        OPENAI_COMPATIBLE_API_KEY: fakeApiKey,
        SIGNALBOX_WEBHOOK_PRIVATE_NETWORKS: '127.0.0.1',
      },
    });
  let server: ServerProcess = await start();
  try {
    const workspaces = await server.call<List>('GET', '/v1/workspaces');
    const workspace_id = workspaces.body.data[0]?.id;
    const desk = await server.call<Shown>('POST', '/v1/agents', {
      ...{ workspace_id, name: 'Desk' },
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
    const ofDesk = `/v1/runs?agent_id=${desk.body.data.id}`;
    const runs = async () => (await server.call<List>('GET', ofDesk)).body.data.toReversed();
    const chatter = await server.call<Shown>('POST', '/v1/agents', {
      ...{ workspace_id, name: 'Chatter', description: 'Chats.', instructions: 'Chat.' },
      model: 'openai-compatible/m',
    });
    const sessions = '/public-api/chat/sessions';
    const opened = await server.call<Shown>('POST', sessions, { agent_id: chatter.body.data.id });
    const session = opened.body.data.id;
    const asked = await server.call<{ readonly data: { readonly since_cursor: string } }>(
      ...(['POST', `${sessions}/${session}/messages`, { message: 'Where is it?' }] as const),
    );
    const app = { request: (path: string, init: RequestInit) => fetch(server.url + path, init) };
    const api = { app, tokens: { read: testAdminToken } };
    const since = asked.body.data.since_cursor;
    const before = await until(tail(api, session, { since }), ({ type }) => type === 'text-delta');
    expect(answer.startsWith(textOf(before)[0] ?? '-')).toBe(true);
    await write('Where is my order?');
    await eventually(async () => (await runs())[0]?.status === 'running', 60_000);
    await write('It is number 17.');
    await write('From Monday.');
    await eventually(async () => (await runs())[1]?.status === 'completed', 60_000);
    await server.killGroup();
    isDown = false;
    server = await start();
    const after = await all(tail(api, session, { lastEventId: before.at(-1)?.eventId ?? '' }));
    const seen = [...before, ...after];
    expect(textOf(seen)).toEqual([answer]);
    // The text of the first attempt is taken back, unless the client comes so late that all of the same text is there.
    const kinds = seen.map(({ type }) => type).filter((type) => type !== 'text-delta');
    const isBegunAnew = kinds.includes('data-withdrawn');
    const anew = isBegunAnew ? ['text-end', 'data-withdrawn', 'text-start'] : [];
    expect(kinds).toEqual([
      ...['data-message', 'start', 'text-start', ...anew, 'text-end', 'finish', 'done'],
    ]);
    const texts = new Set(seen.flatMap(({ type, id }) => (type.startsWith('text-') ? [id] : [])));
    expect(texts.size).toBe(1);
    const said = `${sessions}/${session}/messages`;
    const chat = await server.call<{ readonly data: readonly { readonly message: string }[] }>(
      'GET',
      said,
    );
    expect(chat.body.data.map(({ message }) => message)).toEqual(['Where is it?', answer]);
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
    const threads = (await server.call<List>('GET', '/v1/conversations')).body.data;
    const conversation = threads.find(({ id }) => id !== session);
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
