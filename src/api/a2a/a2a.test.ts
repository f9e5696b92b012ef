import type { Message, Part, StreamResponse, Task } from '@a2a-js/sdk';
import {
  ClientFactory,
  ClientFactoryOptions,
  DefaultAgentCardResolver,
  JsonRpcTransportFactory,
} from '@a2a-js/sdk/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ChatDesk, type ServedDesk, serveChatDesk } from '../../../test/support/chat.ts';
import { addAgent } from '../../../test/support/neo.ts';

// The official SDK, pointed at us.

let desk: ChatDesk;
let served: ServedDesk;
beforeAll(async () => {
  served = await serveChatDesk();
  desk = served.desk;
});
afterAll(() => served[Symbol.asyncDispose]());

const newAgent = (fields: Readonly<Record<string, unknown>> = {}) =>
  addAgent(desk.api, { model: 'scripted/test', triggers: [], ...fields });

const fetchImpl: typeof fetch = (input, init) => {
  const headers = new Headers(init?.headers);
  headers.set('Authorization', `Bearer ${desk.api.tokens.write}`);
  return fetch(input, { ...init, headers });
};

async function clientOf(agentId: string) {
  const cardResolver = new DefaultAgentCardResolver({ fetchImpl });
  const transports = [new JsonRpcTransportFactory({ fetchImpl })];
  const options = { ...ClientFactoryOptions.default, cardResolver, transports };
  // The slash: the card lies below the agent.
  return await new ClientFactory(options).createFromUrl(
    served.url,
    `/a2a/agents/${agentId}/.well-known/agent-card.json`,
  );
}

let count = 0;
function message(text: string, about: { contextId?: string; taskId?: string } = {}) {
  count += 1;
  const part: Part = {
    content: { $case: 'text', value: text },
    metadata: undefined,
    filename: '',
    mediaType: '',
  };
  return {
    tenant: '',
    metadata: undefined,
    configuration: undefined,
    message: {
      messageId: `m${count}`,
      contextId: about.contextId ?? '',
      taskId: about.taskId ?? '',
      role: 1,
      parts: [part],
      metadata: undefined,
      extensions: [],
      referenceTaskIds: [],
    } as Message,
  };
}

function replyOf(task: Task): string {
  const content = task.artifacts.find(({ artifactId }) => artifactId === 'reply')?.parts[0]
    ?.content;
  return content?.$case === 'text' ? content.value : '';
}

/** `TASK_STATE_COMPLETED` of the SDK. */
const completed = 3;
const cancelled = 5;

describe('the official A2A client', () => {
  test('sends a message, waits for the task, and goes on in its context', async () => {
    const client = await clientOf((await newAgent()).id);
    const asked = client.sendMessage(message('Where is my order?'));
    (await desk.nextCall()).answer({ text: 'It is on its way.' });
    const task = (await asked) as Task;
    expect([task.status?.state, replyOf(task)]).toEqual([completed, 'It is on its way.']);
    const again = client.sendMessage(message('When?', { contextId: task.contextId }));
    const call = await desk.nextCall();
    expect(JSON.stringify(call.request.messages)).toContain('It is on its way.');
    call.answer({ text: 'Tomorrow.' });
    const second = (await again) as Task;
    expect([second.contextId, replyOf(second)]).toEqual([task.contextId, 'Tomorrow.']);
    const read = await client.getTask({ tenant: '', id: task.id, historyLength: undefined });
    expect(read).toMatchObject({ id: task.id, status: { state: completed } });
    const ended = message('More', { contextId: task.contextId, taskId: task.id });
    await expect(client.sendMessage(ended)).rejects.toThrow(/has ended/);
  });

  test('is streamed the text as it comes, then the end', async () => {
    const client = await clientOf((await newAgent()).id);
    const events = client.sendMessageStream(message('Where is my order?'));
    const seen: StreamResponse[] = [];
    const read = (async () => {
      for await (const event of events) seen.push(event);
    })();
    const call = await desk.nextCall();
    call.say('It is on ');
    call.answer({ text: 'It is on its way.' });
    await read;
    const kinds = seen.map(({ payload }) => payload?.$case);
    expect(kinds[0]).toBe('task');
    expect(kinds.at(-1)).toBe('statusUpdate');
    const text = seen.flatMap(({ payload }) => {
      if (payload?.$case !== 'artifactUpdate') return [];
      const content = payload.value.artifact?.parts[0]?.content;
      return content?.$case === 'text' ? content.value : [];
    });
    expect(text.join('')).toBe('It is on its way.');
    const last = seen.at(-1)?.payload;
    expect(last?.$case === 'statusUpdate' && last.value.status?.state).toBe(completed);
  });

  test('cancels a task, and another time is told that it cannot', async () => {
    const client = await clientOf((await newAgent()).id);
    const params = { ...message('Wait'), configuration: waitsNot };
    const task = (await client.sendMessage(params)) as Task;
    await desk.nextCall();
    const key = { tenant: '', id: task.id, metadata: undefined };
    expect(await client.cancelTask(key)).toMatchObject({ status: { state: cancelled } });
    await expect(client.cancelTask(key)).rejects.toThrow(/ended|cancel/);
    const unknown = client.getTask({ tenant: '', id: 'ar0', historyLength: undefined });
    await expect(unknown).rejects.toThrow(/no run ar0/);
  });
});

const waitsNot = {
  acceptedOutputModes: [],
  taskPushNotificationConfig: undefined,
  historyLength: undefined,
  returnImmediately: true,
};

describe('requests to /a2a', () => {
  const ask = async (agentId: string, body: object, headers = {}) =>
    (await desk.api.request('POST', `/a2a/agents/${agentId}`, { body, headers })).json;

  test('in the words of 0.3 are answered in them', async () => {
    const { id } = await newAgent();
    const parts = [{ kind: 'text', text: 'Hello' }];
    const said = { kind: 'message', messageId: 'old', role: 'user', parts };
    const asked = ask(id, {
      jsonrpc: '2.0',
      id: 7,
      method: 'message/send',
      params: { message: said },
    });
    (await desk.nextCall()).answer({ text: 'Hi.' });
    expect(await asked).toMatchObject({
      id: 7,
      result: {
        kind: 'task',
        status: { state: 'completed' },
        artifacts: [{ parts: [{ kind: 'text', text: 'Hi.' }] }],
      },
    });
  });

  test('are refused by the codes of the protocol', async () => {
    const { id } = await newAgent();
    const code = async (method: string, params = {}, headers = {}) =>
      (await ask(id, { jsonrpc: '2.0', id: 1, method, params }, headers)).error.code;
    expect(await code('Forget')).toBe(-32601);
    expect(await code('GetTask', {})).toBe(-32602);
    expect(await code('GetTask', { id: 'ar0' })).toBe(-32001);
    expect(await code('CreateTaskPushNotificationConfig')).toBe(-32003);
    expect(await code('GetTask', { id: 'ar0' }, { 'A2A-Version': '9.9' })).toBe(-32009);
    const file = { messageId: 'f', parts: [{ raw: 'AAAA', mediaType: 'image/png' }] };
    expect(await code('SendMessage', { message: file })).toBe(-32602);
    const elsewhere = { messageId: 'e', contextId: 'cv0', parts: [{ text: 'Hello' }] };
    expect(await code('SendMessage', { message: elsewhere })).toBe(-32001);
  });
});

describe('what the methods are to others', () => {
  test('no name of a method is taken for one by accident', async () => {
    const { id } = await newAgent();
    for (const method of ['constructor', '__proto__', 'toString', 'forget']) {
      const body = { jsonrpc: '2.0', id: 1, method };
      const answer = await desk.api.request('POST', `/a2a/agents/${id}`, { body });
      expect([method, answer.status, answer.json.error.code]).toEqual([method, 200, -32_601]);
    }
  });

  test('the audit log says which of them changed something, and nothing of reads and refusals', async () => {
    const { id } = await newAgent();
    const ask = async (method: string, params: object) => {
      const body = { jsonrpc: '2.0', id: 1, method, params };
      return (await desk.api.request('POST', `/a2a/agents/${id}`, { body })).json;
    };
    const parts = [{ text: 'Hello' }];
    const sent = await ask('SendMessage', {
      message: { messageId: 'audited', role: 'ROLE_USER', parts },
      configuration: { returnImmediately: true },
    });
    const taskId: string = sent.result.task.id;
    expect((await ask('GetTask', { id: taskId })).result.id).toBe(taskId);
    expect((await ask('CancelTask', { id: 'none' })).error.code).toBe(-32_001);
    await ask('tasks/cancel', { id: taskId });
    await expect
      .poll(
        async () => {
          const { json } = await desk.api.request(
            'GET',
            `/v1/audit?workspace_id=${desk.api.workspace.id}`,
            { token: desk.api.tokens.admin },
          );
          return json.data
            .filter(({ object_id }: { object_id: string }) =>
              [id, taskId, 'none'].includes(object_id),
            )
            .map((entry: { action: string; object_id: string }) => [entry.action, entry.object_id])
            .filter(([action]: string[]) => action?.startsWith('answerA2a'))
            .sort();
        },
        { timeout: 20_000 },
      )
      .toEqual([
        ['answerA2a.CancelTask', taskId],
        ['answerA2a.SendMessage', id],
      ]);
  });
});
