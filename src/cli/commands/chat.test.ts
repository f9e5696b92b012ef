import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChatDesk, type ServedDesk, serveChatDesk } from '../../../test/support/chat.ts';
import { runCli } from '../../../test/support/run-cli.ts';

let desk: ChatDesk;
let served: ServedDesk;
let agent: string;
beforeAll(async () => {
  served = await serveChatDesk();
  desk = served.desk;
  const path = `/public-api/chat/sessions/${await desk.open()}`;
  agent = (await desk.api.request('GET', path)).json.data.agent_uid;
});
afterAll(() => served[Symbol.asyncDispose]());

const cli = (args: readonly string[], stdin?: string) =>
  runCli(['chat', ...args], {
    env: { SIGNALBOX_URL: served.url, SIGNALBOX_TOKEN: desk.api.tokens.write },
    ...(stdin === undefined ? {} : { stdin }),
  });

test('one message is answered, and the session can be gone on with', async () => {
  const asked = cli([agent, 'Where is', 'my order?']);
  const call = await desk.nextCall();
  expect(call.request.messages.at(-1)?.text).toMatch(/\nWhere is my order\?$/);
  call.answer({ text: 'On its way\u001b[2J.' });
  const { code, stdout, stderr } = await asked;
  expect([code, stdout]).toEqual([0, 'On its way\\x1b[2J.\n']);
  const [session = ''] = /cv[0-9a-z]{30}/.exec(stderr) ?? [];
  const more = cli([agent, 'When?', '--session', session, '--json']);
  (await desk.nextCall()).finish({ disposition: 'escalated', disposition_reason: 'asked' });
  const ended = await more;
  expect(ended.code).toBe(1);
  const last = ended.stdout.trim().split('\n').at(-1) ?? '';
  expect(JSON.parse(last)).toMatchObject({ messageMetadata: { outcome: 'handed_over' } });
});

test('each line of standard input is a message of one session', async () => {
  const chat = cli([agent], 'One\n\nTwo\n');
  (await desk.nextCall()).answer({ text: 'First.' });
  const second = await desk.nextCall();
  expect(second.request.messages.slice(-2).map(({ text }) => text)).toEqual(['First.', 'Two']);
  second.answer({ text: 'Second.' });
  expect((await chat).stdout).toBe('First.\nSecond.\n');
});
