import { HttpAgent } from '@ag-ui/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ChatDesk, type ServedDesk, serveChatDesk } from '../../../test/support/chat.ts';
import { addAgent } from '../../../test/support/neo.ts';

// The official client, pointed at us.

let desk: ChatDesk;
let served: ServedDesk;
beforeAll(async () => {
  served = await serveChatDesk();
  desk = served.desk;
});
afterAll(() => served[Symbol.asyncDispose]());

async function newClient(threadId: string) {
  const { id } = await addAgent(desk.api, {
    ...{ model: 'scripted/test', triggers: [] },
  });
  const headers = { Authorization: `Bearer ${desk.api.tokens.write}` };
  return {
    id,
    client: new HttpAgent({ url: `${served.url}/ag-ui/agents/${id}`, threadId, headers }),
  };
}

describe('the official AG-UI client', () => {
  test('is shown the steps and the text of a run, and goes on in its thread', async () => {
    const { id, client } = await newClient('thread-1');
    const types: string[] = [];
    const subscriber = {
      onEvent: ({ event }: { event: { type: string } }) => void types.push(event.type),
    };
    client.addMessage({ id: 'm1', role: 'user', content: 'Where is my order?' });
    const asked = client.runAgent({}, subscriber);
    const first = await desk.nextCall();
    first.answer({ text: '', toolCalls: [{ callId: 'c1', name: 'look', argumentsText: '{}' }] });
    (await desk.nextCall()).answer({ text: 'It is on its way.' });
    const { newMessages, result } = await asked;
    expect(newMessages).toMatchObject([{ role: 'assistant', content: 'It is on its way.' }]);
    expect(result).toMatchObject({ outcome: 'answered', disposition: 'resolved' });
    expect(types).toEqual(
      expect.arrayContaining(['RUN_STARTED', 'STEP_STARTED', 'STEP_FINISHED', 'RUN_FINISHED']),
    );
    client.addMessage({ id: 'm2', role: 'user', content: 'When?' });
    const again = client.runAgent();
    const second = await desk.nextCall();
    const shown = JSON.stringify(second.request.messages);
    // Told once: the thread knows what the client sends again.
    expect(shown.split('Where is my order?')).toHaveLength(2);
    second.answer({ text: 'Tomorrow.' });
    expect((await again).newMessages).toMatchObject([{ content: 'Tomorrow.' }]);
    const runs = await desk.api.request('GET', `/v1/agents/${id}/runs`);
    expect(runs.json.data).toHaveLength(2);
    expect(
      new Set(runs.json.data.map((run: { conversation_id: string }) => run.conversation_id)).size,
    ).toBe(1);
  });

  test('is told of a run that fails', async () => {
    const { client } = await newClient('thread-1');
    client.addMessage({ id: 'm1', role: 'user', content: 'Hello' });
    const problems: string[] = [];
    const asked = client.runAgent(
      {},
      { onRunErrorEvent: ({ event }) => void problems.push(event.message) },
    );
    (await desk.nextCall()).fail('The provider is out of order.');
    expect(await asked).toMatchObject({ newMessages: [] });
    expect(problems).toEqual([expect.stringMatching(/could not answer/)]);
  });
});

describe('requests to /ag-ui', () => {
  test('are refused where they ask for what is not there', async () => {
    const { id } = await newClient('thread-1');
    const ask = async (change: object, agent = id) => {
      const messages = [{ id: 'm1', role: 'user', content: 'Hello' }];
      const body = { threadId: 't', runId: 'r', messages, ...change };
      const { status, json } = await desk.api.request('POST', `/ag-ui/agents/${agent}`, { body });
      return [status, json.error];
    };
    const tools = [{ name: 'pick', description: '', parameters: {} }];
    expect(await ask({ tools })).toEqual([
      400,
      expect.stringContaining('the agent has its own tools'),
    ]);
    expect(await ask({ messages: [] })).toEqual([400, expect.stringContaining('must end with')]);
    const image = [{ type: 'image', source: {} }];
    const seen = [{ id: 'm1', role: 'user', content: image }];
    expect(await ask({ messages: seen })).toEqual([400, expect.stringContaining('text only')]);
    expect(await ask({}, 'ag0')).toEqual([404, 'There is no agent ag0.']);
  });

  test('name threads in their agent alone, and two first messages at once make one thread', async () => {
    const { id } = await newClient('shared');
    const ask = (runId: string) => {
      const messages = [{ id: runId, role: 'user', content: `Hello ${runId}` }];
      const body = { threadId: 'shared', runId, messages };
      return desk.api.request('POST', `/ag-ui/agents/${id}`, { body });
    };
    const both = Promise.all([ask('r1'), ask('r2')]);
    // One run may answer both, or each has its own.
    const ended = both.then(() => null);
    for (;;) {
      const call = await Promise.race([ended, desk.nextCall().catch(() => null)]);
      if (call === null) break;
      call.answer({ text: 'Hi.' });
    }
    for (const { text } of await both) expect(text).toContain('RUN_FINISHED');
    const runs = await desk.api.request('GET', `/v1/agents/${id}/runs`);
    const conversations = runs.json.data.map(
      (run: { conversation_id: string }) => run.conversation_id,
    );
    expect(new Set(conversations).size).toBe(1);
  });
});
