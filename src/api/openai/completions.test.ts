import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ChatDesk, type ServedDesk, serveChatDesk } from '../../../test/support/chat.ts';
import { eventually } from '../../../test/support/engine-process.ts';
import { addAgent } from '../../../test/support/neo.ts';

// The official client, pointed at us.

let desk: ChatDesk;
let served: ServedDesk;
let client: OpenAI;
beforeAll(async () => {
  served = await serveChatDesk();
  desk = served.desk;
  client = new OpenAI({
    apiKey: desk.api.tokens.write,
    baseURL: `${served.url}/v1`,
    timeout: 60_000,
  });
});
afterAll(() => served[Symbol.asyncDispose]());

let count = 0;
async function newAgent(fields: Readonly<Record<string, unknown>> = {}) {
  const name = `Order desk ${++count}`;
  const made = await addAgent(desk.api, { name, model: 'scripted/test', triggers: [], ...fields });
  return { ...made, name, slug: `order-desk-${count}` };
}
const user = (content: string) => ({ role: 'user' as const, content });
/** What we add to OpenAI's answers. */
type Ours = { thread_id: string; run_id: string | null; outcome: string };
const oursOf = (answer: unknown) => answer as Ours;

describe('the official OpenAI client', () => {
  test('chats with an agent, streamed, and resumes the thread', async () => {
    const { slug } = await newAgent();
    const first = await client.chat.completions.create({
      model: slug,
      messages: [{ role: 'system', content: 'Be short.' }, user('Where is my order?')],
      stream: true,
      stream_options: { include_usage: true },
    });
    const call = await desk.nextCall();
    expect(call.request.messages[0]?.text).toContain('Be short.');
    call.say('It is on ');
    let text = '';
    let usage: OpenAI.CompletionUsage | null | undefined;
    let thread = '';
    let finish: string | null = null;
    for await (const chunk of first) {
      thread ||= oursOf(chunk).thread_id;
      usage = chunk.usage;
      finish ??= chunk.choices[0]?.finish_reason ?? null;
      text += chunk.choices[0]?.delta.content ?? '';
      // What came first is shown before the rest is there.
      if (text === 'It is on ') call.answer({ text: 'It is on its way.' });
    }
    expect([text, finish]).toEqual(['It is on its way.', 'stop']);
    expect(usage).toMatchObject({ prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 });

    const asked = client.chat.completions.create({
      model: slug,
      messages: [user('When?')],
      metadata: { thread_id: thread },
    });
    const second = await desk.nextCall();
    expect(second.request.messages.slice(1).map(({ text: said }) => said)).toEqual([
      expect.stringMatching(/\nWhere is my order\?$/),
      'It is on its way.',
      'When?',
    ]);
    second.answer({ text: 'Tomorrow.' });
    const answer = await asked;
    expect(answer.choices[0]?.message.content).toBe('Tomorrow.');
    expect(oursOf(answer)).toMatchObject({ thread_id: thread, outcome: 'answered' });
    const replay = await desk.api.request('GET', `/v1/conversations/${thread}/messages`);
    expect(replay.json.data).toHaveLength(4);
  });

  test('finds an agent by id, number, name and slug, and says so where there is none, or several', async () => {
    const agent = await newAgent();
    for (const model of [agent.id, agent.number, agent.name, agent.slug]) {
      const asked = client.chat.completions.create({ model, messages: [user('Hello')] });
      (await desk.nextCall()).answer({ text: 'Hello.' });
      expect((await asked).choices[0]?.message.content).toBe('Hello.');
    }
    const ask = (model: string) =>
      client.chat.completions.create({ model, messages: [user('Hello')] });
    await expect(ask('nobody')).rejects.toMatchObject({ status: 404, code: 'model_not_found' });
    const elsewhere = await addAgent({
      ...desk.api,
      workspace: desk.api.otherWorkspace,
      request: asOther,
    });
    await expect(ask(elsewhere.id)).rejects.toMatchObject({ status: 404, param: 'model' });
    await newAgent({ name: 'Twins' });
    await newAgent({ name: 'Twins' });
    await expect(ask('Twins')).rejects.toMatchObject({ status: 400, param: 'model' });
  });

  test('sees nothing of a text that breaks a guardrail, streamed or not', async () => {
    const guardrails = [{ title: 'No refunds', knowledge: 'Promise none.' }];
    const { id, slug } = await newAgent({ guardrails });
    const shown = await desk.api.request('GET', `/v1/agents/${id}`);
    const [rule] = shown.json.data.guardrails;
    const stream = await client.chat.completions.create({
      model: slug,
      messages: [user('Refund me')],
      stream: true,
    });
    const raw: unknown[] = [];
    const reading = (async () => {
      for await (const chunk of stream) raw.push(chunk);
    })();
    const judge = (violations: unknown[]) => JSON.stringify({ violations });
    const first = await desk.nextCall();
    first.say('Here is 100 EUR.');
    first.answer({ text: 'Here is 100 EUR.' });
    (await desk.nextCall()).answer({ text: judge([{ guardrail: rule.id, why: 'Money.' }]) });
    const again = await desk.nextCall();
    again.say('Then 50 EUR.');
    again.answer({ text: 'Then 50 EUR.' });
    (await desk.nextCall()).answer({ text: judge([{ guardrail: rule.id, why: 'Money.' }]) });
    await reading;
    expect(JSON.stringify(raw)).not.toContain('EUR');
    expect(oursOf(raw.at(-1)).outcome).toBe('handed_over');
  });

  test('gets one answer for one Idempotency-Key, and is told when the key had another request', async () => {
    const { slug } = await newAgent();
    const ask = (content: string, thread?: string) =>
      client.chat.completions.create(
        {
          model: slug,
          messages: [user(content)],
          ...(thread === undefined ? {} : { metadata: { thread_id: thread } }),
        },
        { headers: { 'Idempotency-Key': `key ${slug} ${thread ?? ''}` } },
      );
    const asked = [ask('Once'), ask('Once')];
    (await desk.nextCall()).answer({ text: 'One.' });
    const [one, two] = await Promise.all(asked);
    expect(one?.id).toBe(two?.id);
    expect((await ask('Once')).id).toBe(one?.id);
    await expect(ask('Twice')).rejects.toMatchObject({ status: 400, code: 'idempotency_conflict' });
    const thread = oursOf(one).thread_id;
    const more = [ask('More', thread), ask('More', thread)];
    (await desk.nextCall()).answer({ text: 'Two.' });
    const [three, four] = await Promise.all(more);
    expect([three?.id, three?.choices[0]?.message.content]).toEqual([four?.id, 'Two.']);
    const replay = await desk.api.request('GET', `/v1/conversations/${thread}/messages`);
    expect(replay.json.data).toHaveLength(4);
  });

  test('stops the run when it goes away, and not when it can come back with its key', async () => {
    const { id, slug } = await newAgent();
    const body = { model: slug, messages: [user('Hello')] };
    const statuses = async () => {
      const { json } = await desk.api.request('GET', `/v1/agents/${id}/runs`);
      return json.data.map((run: { stop_reason: string | null }) => run.stop_reason);
    };
    const gone = new AbortController();
    const asked = client.chat.completions.create(body, { signal: gone.signal });
    await desk.nextCall();
    gone.abort();
    await expect(asked).rejects.toThrow(/abort/i);
    await eventually(async () => (await statuses())[0] === 'cancelled');
    const stream = await client.chat.completions.create({ ...body, stream: true });
    await desk.nextCall();
    stream.controller.abort();
    await eventually(async () => (await statuses())[0] === 'cancelled');
    const keyed = { headers: { 'Idempotency-Key': `gone ${slug}` } };
    const left = new AbortController();
    const kept = client.chat.completions.create(body, { ...keyed, signal: left.signal });
    const call = await desk.nextCall();
    left.abort();
    await expect(kept).rejects.toThrow(/abort/i);
    call.answer({ text: 'Still here.' });
    const back = await client.chat.completions.create(body, keyed);
    expect(back.choices[0]?.message.content).toBe('Still here.');
  });

  test('hears of a failed run once: it is not told to repeat what would begin another', async () => {
    const { slug } = await newAgent();
    const asked = client.chat.completions.create({ model: slug, messages: [user('Hello')] });
    (await desk.nextCall()).fail('The provider says no.');
    const error = await asked.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ status: 400, code: 'unprocessable' });
    expect(String(error)).not.toContain('provider says');
    const stream = await client.chat.completions.create({
      model: slug,
      messages: [user('Hello')],
      stream: true,
    });
    (await desk.nextCall()).fail('No.');
    const reading = (async () => {
      for await (const _ of stream);
    })();
    await expect(reading).rejects.toThrow(/could not answer/);
  });
});

describe('POST /v1/chat/completions', () => {
  test('takes the whole history of a client that keeps none of our threads', async () => {
    const { slug } = await newAgent();
    const asked = client.chat.completions.create({
      model: slug,
      messages: [
        user('I am Ada.'),
        { role: 'assistant', content: 'Hello Ada.' },
        user('Who'),
        { role: 'user', content: [{ type: 'text', text: 'am I?' }] },
      ],
    });
    const call = await desk.nextCall();
    expect(call.request.messages.slice(2).map(({ text }) => text)).toEqual([
      'Hello Ada.',
      'Who\n\nam I?',
    ]);
    call.answer({ text: 'Ada.' });
    const { thread_id } = oursOf(await asked);
    const replay = await desk.api.request(
      'GET',
      `/v1/conversations/${thread_id}/messages?order=asc`,
    );
    const said = replay.json.data.map((one: { body: string }) => one.body);
    expect(said).toEqual(['I am Ada.', 'Hello Ada.', 'Who\n\nam I?', 'Ada.']);
  });

  test('takes pictures that come within', async () => {
    const { slug } = await newAgent();
    const png = Buffer.from('\x89PNG\r\n\x1a\n and so on', 'latin1');
    const url = `data:image/png;base64,${png.toString('base64')}`;
    const content = [
      { type: 'text' as const, text: 'What is this?' },
      { type: 'image_url' as const, image_url: { url } },
    ];
    const asked = client.chat.completions.create({
      model: slug,
      messages: [{ role: 'user', content }],
    });
    const call = await desk.nextCall();
    const said = call.request.messages.at(-1);
    expect(said?.role === 'user' && said.files).toMatchObject([
      { mediaType: 'image/png', data: png.toString('base64') },
    ]);
    call.answer({ text: 'A desk.' });
    expect((await asked).choices[0]?.message.content).toBe('A desk.');
  });

  test('refuses what it cannot do, in OpenAI’s form, naming the field', async () => {
    const { slug } = await newAgent();
    const other = await newAgent();
    const good = { model: slug, messages: [user('Hello')] };
    const refused = async (body: unknown, headers: Record<string, string> = {}) => {
      const { status, json } = await desk.api.request('POST', '/v1/chat/completions', {
        body,
        headers,
      });
      return [status, json.error.type, json.error.param];
    };
    const invalid = (param: string) => [400, 'invalid_request_error', param];
    expect(await refused({ messages: good.messages })).toEqual(invalid('model'));
    expect(await refused({ model: slug, messages: [] })).toEqual(invalid('messages'));
    const silent = [{ role: 'assistant', content: 'Hello' }];
    expect(await refused({ model: slug, messages: silent })).toEqual(invalid('messages'));
    const image = [{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }];
    const pictures = [{ role: 'user', content: image }];
    expect((await refused({ model: slug, messages: pictures }))[0]).toBe(400);
    expect(await refused({ ...good, n: 2 })).toEqual(invalid('n'));
    expect(await refused({ ...good, tools: [{}] })).toEqual(invalid('tools'));
    const huge = { ...good, messages: [user('x'.repeat(100_001))] };
    expect(await refused(huge)).toEqual(invalid('messages.0.content'));
    expect((await refused({ ...good, messages: [user('x'.repeat(9_000_000))] }))[0]).toBe(413);
    const nowhere = { ...good, metadata: { thread_id: `cv${'0'.repeat(30)}` } };
    expect(await refused(nowhere)).toEqual([404, 'invalid_request_error', 'thread_id']);
    expect((await refused(good, { 'X-Thread-Id': 'thread-1' }))[0]).toBe(404);
    const session = await desk.open();
    const elsewhere = { ...good, metadata: { thread_id: session } };
    expect(await refused(elsewhere)).toEqual(invalid('model'));
    expect((await refused(elsewhere, { 'X-Thread-Id': other.id }))[2]).toBe('metadata.thread_id');
    expect((await refused('{"model":'))[0]).toBe(400);
    const { status, json } = await desk.api.request('POST', '/v1/chat/completions', {
      body: good,
      token: null,
    });
    expect([status, json.error.type]).toEqual([401, 'authentication_error']);
    await desk.api.request('PATCH', `/v1/agents/${other.id}`, { body: { enabled: false } });
    expect((await refused({ ...good, model: other.id }))[0]).toBe(400);
    const closed = await desk.open();
    const shown = await desk.api.request('DELETE', `/public-api/chat/sessions/${closed}`);
    const model = shown.json.data.agent_uid;
    const late = { ...good, model, metadata: { thread_id: closed } };
    expect((await refused(late))[0]).toBe(400);
  });
});

const asOther: ChatDesk['api']['request'] = (method, path, options) =>
  desk.api.request(method, path, { token: desk.api.tokens.other, ...options });
