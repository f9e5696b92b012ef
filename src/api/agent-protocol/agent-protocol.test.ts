import { Client } from '@langchain/langgraph-sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addToken } from '../../../test/support/api.ts';
import { type ChatDesk, type ServedDesk, serveChatDesk } from '../../../test/support/chat.ts';
import { addAgent } from '../../../test/support/neo.ts';
import { readBeginnings } from '../../store/chat-turns.ts';
import { getNamedThread } from '../../store/named-threads.ts';

// The official client, pointed at us.

let desk: ChatDesk;
let served: ServedDesk;
let client: Client;
beforeAll(async () => {
  served = await serveChatDesk();
  desk = served.desk;
  client = new Client({
    apiUrl: `${served.url}/agent-protocol`,
    apiKey: null,
    defaultHeaders: { Authorization: `Bearer ${desk.api.tokens.write}` },
    callerOptions: { maxRetries: 0 },
  });
});
afterAll(() => served[Symbol.asyncDispose]());

let count = 0;
const newAgent = () =>
  addAgent(desk.api, { name: `Desk ${++count}`, model: 'scripted/test', triggers: [] });
const input = (content: string) => ({ messages: [{ role: 'user', content }] });

describe('the official LangGraph client', () => {
  test('finds agents as assistants', async () => {
    const { id } = await newAgent();
    const found = await client.assistants.search({ limit: 5 });
    expect(found.map(({ assistant_id }) => assistant_id)).toContain(id);
    expect(await client.assistants.get(id)).toMatchObject({ graph_id: id, version: 1 });
    expect(await client.assistants.getSchemas(id)).toMatchObject({ graph_id: id });
  });

  test('runs in a thread, waits, and reads what was said', async () => {
    const { id } = await newAgent();
    const thread = await client.threads.create({ metadata: { of: 'ada' } });
    expect(thread).toMatchObject({ status: 'idle', metadata: { of: 'ada' } });
    const asked = client.runs.wait(thread.thread_id, id, { input: input('Where is it?') });
    (await desk.nextCall()).answer({ text: 'On its way.' });
    const said = [
      { type: 'human', content: 'Where is it?' },
      { type: 'ai', content: 'On its way.' },
    ];
    expect(await asked).toMatchObject({ messages: said });
    const again = client.runs.wait(thread.thread_id, id, { input: input('When?') });
    const second = await desk.nextCall();
    expect(JSON.stringify(second.request.messages)).toContain('On its way.');
    second.answer({ text: 'Tomorrow.' });
    await again;
    const state = await client.threads.getState(thread.thread_id);
    expect(state.values).toMatchObject({ messages: { length: 4 } });
    expect(await client.threads.getHistory(thread.thread_id)).toHaveLength(1);
    const runs = await client.runs.list(thread.thread_id);
    expect(runs.map(({ status }) => status)).toEqual(['success', 'success']);
    const joined = await client.runs.join(thread.thread_id, runs[0]?.run_id ?? '');
    expect(joined).toMatchObject({ messages: { length: 4 } });
    const unused = await client.threads.create();
    const found = await client.threads.search();
    expect(found.find((each) => each.thread_id === thread.thread_id)).toMatchObject({
      status: 'idle',
      values: { messages: [...said, { content: 'When?' }, { content: 'Tomorrow.' }] },
    });
    expect(found.find((each) => each.thread_id === unused.thread_id)).toMatchObject({
      values: { messages: [] },
    });
    const { db } = desk.api.deps;
    const named = { workspaceId: desk.api.workspace.id, space: 'agent-protocol' };
    const bound = await getNamedThread(db, { ...named, name: thread.thread_id });
    const conversationIds = [bound?.sessionId ?? ''];
    // The first message, and all but a byte of the second.
    const bytes = 'Where is it?On its way'.length;
    const beginnings = await readBeginnings(db, {
      ...{ conversationIds, maxMessages: 10, maxBytes: bytes },
    });
    expect([...beginnings.values()].flat().map(({ body }) => body)).toEqual(['Where is it?']);
    await client.threads.delete(thread.thread_id);
    await expect(client.threads.get(thread.thread_id)).rejects.toThrow(/404/);
  });

  test('is streamed text as it comes, and the values at the end, with and without a thread', async () => {
    const { id } = await newAgent();
    const thread = await client.threads.create();
    for (const threadId of [thread.thread_id, null]) {
      const payload = {
        input: input('Where is it?'),
        streamMode: ['values' as const, 'messages-tuple' as const, 'updates' as const],
      };
      const stream =
        threadId === null
          ? client.runs.stream(null, id, payload)
          : client.runs.stream(threadId, id, payload);
      const seen: { event: string; data: unknown }[] = [];
      const read = (async () => {
        for await (const part of stream) seen.push(part);
      })();
      const call = await desk.nextCall();
      call.say('On ');
      call.answer({ text: 'On its way.' });
      await read;
      expect(seen[0]).toMatchObject({ event: 'metadata', data: { run_id: expect.any(String) } });
      const text = seen.flatMap(({ event, data }) =>
        event === 'messages' ? (data as [{ content: string }])[0].content : [],
      );
      expect(text.join('')).toBe('On its way.');
      const update = { agent: { messages: [{ type: 'ai', content: 'On its way.' }] } };
      expect(seen.at(-2)).toMatchObject({ event: 'updates', data: update });
      expect(seen.at(-1)).toMatchObject({ event: 'values', data: { messages: { length: 2 } } });
    }
  });

  test('is told of a failure, and cancels', async () => {
    const { id } = await newAgent();
    const thread = await client.threads.create();
    const failing = client.runs.wait(thread.thread_id, id, { input: input('Hello') });
    (await desk.nextCall()).fail('The provider is out of order.');
    await expect(failing).rejects.toThrow(/could not answer/);
    const run = await client.runs.create(thread.thread_id, id, { input: input('Wait') });
    await desk.nextCall();
    await client.runs.cancel(thread.thread_id, run.run_id);
    expect(await client.runs.get(thread.thread_id, run.run_id)).toMatchObject({
      status: 'interrupted',
    });
  });

  test('keeps values by namespace and key', async () => {
    await client.store.putItem(['people', 'ada'], 'likes', { tea: true, cups: 2 });
    await client.store.putItem(['people', 'ada'], 'likes', { tea: true, cups: 3 });
    await client.store.putItem(['people', 'bob'], 'likes', { tea: false });
    expect(await client.store.getItem(['people', 'ada'], 'likes')).toMatchObject({
      value: { cups: 3 },
    });
    expect(await client.store.getItem(['people', 'eve'], 'likes')).toBeNull();
    const { items } = await client.store.searchItems(['people'], { filter: { tea: true } });
    expect(items).toMatchObject([{ namespace: ['people', 'ada'], value: { cups: 3 } }]);
    expect(await client.store.listNamespaces({ maxDepth: 1 })).toEqual({
      namespaces: [['people']],
    });
    await client.store.deleteItem(['people', 'ada'], 'likes');
    expect((await client.store.searchItems(['people'])).items).toHaveLength(1);
  });
});

describe('requests to /agent-protocol', () => {
  test('are refused where they ask for what is not there', async () => {
    const { id } = await newAgent();
    const ask = async (path: string, body: object) => {
      const { status, json } = await desk.api.request('POST', `/agent-protocol${path}`, { body });
      return [status, json.code];
    };
    const given = { assistant_id: id, input: input('Hello') };
    expect(await ask('/threads/nobody/runs', given)).toEqual([404, 'not_found']);
    expect(await ask('/runs', { ...given, assistant_id: 'nobody' })).toEqual([404, 'not_found']);
    expect(await ask('/runs', { ...given, webhook: 'https://example.com' })).toEqual([
      400,
      'validation_error',
    ]);
    expect(await ask('/runs', { ...given, input: { messages: [] } })).toEqual([
      400,
      'validation_error',
    ]);
    expect(await ask('/threads', { thread_id: 'mine' })).toEqual([200, undefined]);
    expect(await ask('/threads', { thread_id: 'mine' })).toEqual([409, 'conflict']);
    const body = { namespace: ['a'], key: 'b', value: { text: 'NUL \0' } };
    const put = await desk.api.request('PUT', '/agent-protocol/store/items', { body });
    expect([put.status, put.json.code]).toEqual([400, 'validation_error']);
  });

  test('of a token for one agent are not told of others by a field that no route reads', async () => {
    const { id } = await newAgent();
    const limits = { scopes: null, agentIds: [id] };
    const { deps, workspace } = desk.api;
    const token = await addToken(deps, { access: 'read', workspaceIds: [workspace.id], limits });
    const path = '/agent-protocol/assistants/search';
    const body = { assistant_id: id, agent_id: id };
    expect((await desk.api.request('POST', path, { token, body })).status).toBe(403);
  });

  test('see nothing of threads and values of other workspaces', async () => {
    const { workspace, tokens } = desk.api;
    await client.threads.create({ threadId: 'private' });
    await client.store.putItem(['private'], 'key', { a: 1 });
    const other = { token: tokens.other };
    const thread = await desk.api.request('GET', '/agent-protocol/threads/private', other);
    expect(thread.status).toBe(404);
    const path = '/agent-protocol/store/items?namespace=private&key=key';
    expect((await desk.api.request('GET', path, other)).json).toBeNull();
    const headers = { 'X-Workspace-Id': workspace.id };
    expect((await desk.api.request('GET', path, { ...other, headers })).status).toBe(403);
  });
});
