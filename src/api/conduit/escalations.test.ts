import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readersOf } from '../../../test/support/agent-pair.ts';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { insertChannelRow } from '../../../test/support/channels.ts';
import { insertAgent, startTestEngine } from '../../../test/support/engine.ts';
import { insertRunRow } from '../../../test/support/runs.ts';
import { finishTurn } from '../../../test/support/turns.ts';
import type { AgentDefinition } from '../../core/agent.ts';
import type { Channel } from '../../core/channel.ts';
import { newId } from '../../core/ids.ts';
import { createModelClient } from '../../models/client.ts';
import type { ScriptInput } from '../../models/script.ts';
import { recordInbound } from '../../store/inbound.ts';
import { wakeRun } from '../../store/wake.ts';

let api: TestApi;
let channel: Channel;
beforeAll(async () => {
  api = await createTestApi();
  channel = await insertChannelRow(api.deps.db, api.workspace.id, {
    ...{ type: 'chat', name: 'Chat', channel: 'chat', inboundKey: newId('unit') },
  });
});
afterAll(() => api[Symbol.asyncDispose]());

/** A message of somebody outside; the conversation's id. */
async function writes(body: string, threadKey = newId('unit')): Promise<string> {
  const { conversationId } = await recordInbound(api.deps.db, {
    channel,
    externalId: null,
    threadKey,
    contact: { value: threadKey, scope: channel.id, firstName: 'Ada', lastName: null },
    sender: { externalId: threadKey, name: 'Ada' },
    subject: null,
    body,
    wantsReply: true,
  });
  return conversationId;
}

/** A run in the conversation that has ended, and its escalation. */
async function handedOver(given: {
  readonly conversationId: string | null;
  readonly definition?: Partial<AgentDefinition>;
  readonly script: ScriptInput;
}) {
  const { db } = api.deps;
  const of = await insertAgent(db, given.definition ?? {}, api.workspace.id);
  const id = await db.transaction(async (tx) => {
    const runId = await insertRunRow(tx, { ...of, owner: null });
    await tx.execute({
      text: 'UPDATE runs SET conversation_id = $2, read_rev = (SELECT inbound_rev FROM conversations WHERE id = $2) WHERE id = $1',
      values: [runId, given.conversationId],
    });
    return runId;
  });
  await using engine = await startTestEngine({ db, scripts: { test: given.script } });
  await engine.start();
  const run = await engine.ended(id);
  const listed = await api.request('GET', `/v1/escalations?agent_id=${of.agentId}`);
  return { run, agentId: of.agentId, escalations: listed.json.data };
}

const proposes = (response = 'It is on its way.') => ({
  definition: { operation_mode: 'copilot' as const },
  script: { turns: [finishTurn({ response })] },
});

const post = (id: string, what: string, body?: object) =>
  api.request('POST', `/v1/escalations/${id}/${what}`, body === undefined ? {} : { body });
const messagesOf = async (conversationId: string) =>
  (await api.request('GET', `/v1/conversations/${conversationId}/messages?order=asc`)).json.data;

describe('a copilot’s reply', () => {
  test('is a proposal, which a person edits and sends once; the run tells both texts', async () => {
    const conversationId = await writes('Where is my order?');
    const { run, escalations } = await handedOver({ conversationId, ...proposes() });
    expect(run.disposition).toBe('escalated');
    const [escalation] = escalations;
    expect(escalation).toMatchObject({
      type: 'chat',
      status: 'pending',
      conversation_id: conversationId,
      agent_run_id: run.id,
      disposition: 'escalated',
      guest_message: 'Where is my order?',
      proposed_response: 'It is on its way.',
      superseded: false,
      sent: null,
      questions_for_operator: [],
      request_for_additional_info: null,
    });
    expect(await messagesOf(conversationId)).toHaveLength(1);
    const sent = await post(escalation.id, 'send', { body: 'It comes today.' });
    expect(sent.json.data).toMatchObject({
      status: 'resolved',
      sent: { response: 'It comes today.' },
      reviewed_by: expect.stringMatching(/^tk/),
    });
    expect(await messagesOf(conversationId)).toMatchObject([
      {},
      { body: 'It comes today.', direction: 'outbound', agent_run_id: run.id },
    ]);
    const trace = await api.request('GET', `/v1/runs/${run.id}`);
    expect(trace.json.data).toMatchObject({
      response: 'It is on its way.',
      escalation: {
        id: escalation.id,
        proposed_response: 'It is on its way.',
        sent: { response: 'It comes today.' },
      },
    });
    for (const [what, body] of [
      ['approve', undefined],
      ['send', { body: 'Again.' }],
      ['resolve', {}],
    ] as const) {
      expect((await post(escalation.id, what, body)).status).toBe(409);
    }
    expect(await messagesOf(conversationId)).toHaveLength(2);
  });

  test('is sent exactly once however many approve it at once', async () => {
    const conversationId = await writes('Where?');
    const { escalations } = await handedOver({
      conversationId,
      ...proposes(),
      definition: { operation_mode: 'copilot', auto_mark_as_done: true },
    });
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => post(escalations[0].id, 'approve')),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(409)]);
    const messages = await messagesOf(conversationId);
    expect(messages).toMatchObject([{}, { body: 'It is on its way.' }]);
    const conversation = await api.request('GET', `/v1/conversations/${conversationId}`);
    expect(conversation.json.data.state).toBe('done');
  });

  test('is superseded by what comes in after it, and then needs a text of a person’s own', async () => {
    const thread = newId('unit');
    const conversationId = await writes('Where is it?', thread);
    const { escalations } = await handedOver({ conversationId, ...proposes() });
    await writes('Never mind, I have it.', thread);
    const { id } = escalations[0];
    const got = await api.request('GET', `/v1/escalations/${id}`);
    expect(got.json.data).toMatchObject({ superseded: true, status: 'pending' });
    const approved = await post(id, 'approve');
    expect([approved.status, approved.json.error]).toEqual([409, expect.stringContaining('newer')]);
    expect((await post(id, 'send', { body: 'Glad to hear.' })).status).toBe(200);
  });

  test('is not sent after somebody has answered by hand', async () => {
    const conversationId = await writes('Where is it?');
    const { escalations } = await handedOver({ conversationId, ...proposes() });
    await api.request('POST', `/v1/conversations/${conversationId}/messages`, {
      body: { body: 'Here.' },
    });
    for (const [what, body] of [
      ['approve', undefined],
      ['send', { body: 'There.' }],
    ] as const) {
      const answer = await post(escalations[0].id, what, body);
      expect([answer.status, answer.json.error]).toEqual([
        409,
        expect.stringContaining('answered'),
      ]);
    }
    expect(
      (await post(escalations[0].id, 'resolve', { status: 'dismissed' })).json.data,
    ).toMatchObject({
      status: 'dismissed',
      sent: null,
    });
  });
});

test('autopilot proposes outside its schedule and answers inside it', async () => {
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
  const always = { timezone: 'Asia/Kathmandu', windows: [{ days, from: '00:00', to: '24:00' }] };
  const yesterday = days[(new Date(Date.now() - 2 * 86_400_000).getUTCDay() + 6) % 7] ?? 'mon';
  const never = { timezone: 'UTC', windows: [{ days: [yesterday], from: '10:00', to: '10:01' }] };
  const script = { turns: [finishTurn({ response: 'Hello.' })] };
  for (const [autopilot_schedule, disposition] of [
    [never, 'escalated'],
    [always, 'resolved'],
  ] as const) {
    const { run, escalations } = await handedOver({
      conversationId: await writes('Hi'),
      definition: { autopilot_schedule },
      script,
    });
    expect([run.disposition, escalations.length]).toEqual([
      disposition,
      disposition === 'escalated' ? 1 : 0,
    ]);
  }
});

test('autopilot proposes what waited until its schedule was over', async () => {
  const { db } = api.deps;
  const clock = (hours: number) =>
    new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16);
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
  const windows = [{ days, from: clock(-1), to: clock(1) }];
  const definition = {
    custom_response_delay_ms: 60_000,
    autopilot_schedule: { timezone: 'UTC', windows },
  };
  const conversationId = await writes('Hi');
  const of = await insertAgent(db, definition, api.workspace.id);
  const id = await db.transaction(async (tx) => {
    const runId = await insertRunRow(tx, { ...of, owner: null });
    await tx.execute({
      text: 'UPDATE runs SET conversation_id = $2, read_rev = 1 WHERE id = $1',
      values: [runId, conversationId],
    });
    return runId;
  });
  let isLate = false;
  const models = createModelClient({
    scripts: { test: { turns: [finishTurn({ response: 'Hello.' })] } },
  });
  const now = () => new Date(Date.now() + (isLate ? 12 * 3_600_000 : 0));
  await using engine = await startTestEngine({ db, models, options: { advance: { models, now } } });
  await engine.start();
  await readersOf(db).waits(id);
  isLate = true;
  await wakeRun(db, id);
  expect(await engine.ended(id)).toMatchObject({ disposition: 'escalated', response: 'Hello.' });
  const listed = await api.request('GET', `/v1/escalations?agent_id=${of.agentId}`);
  expect(listed.json.data).toMatchObject([{ proposed_response: 'Hello.' }]);
  expect(await messagesOf(conversationId)).toHaveLength(1);
});

test('a reply that breaks a guardrail twice is handed over without it, and says which', async () => {
  const verdict = {
    answer: { text: '{"violations":[{"guardrail":"gr1","why":"It promises a refund."}]}' },
  };
  const conversationId = await writes('I want my money back.');
  const { escalations } = await handedOver({
    conversationId,
    definition: { guardrails: [{ id: 'gr1', title: 'No refunds', knowledge: 'Promise none.' }] },
    script: {
      turns: [finishTurn({ response: 'You get it.' }), finishTurn({ response: 'You do get it.' })],
      guardrails: [verdict, verdict],
    },
  });
  expect(escalations).toMatchObject([
    {
      disposition_reason: 'guardrail_violated',
      proposed_response: null,
      broken_guardrails: [{ id: 'gr1', title: 'No refunds', why: 'It promises a refund.' }],
    },
  ]);
  expect(JSON.stringify(escalations)).not.toContain('get it');
  expect(await messagesOf(conversationId)).toHaveLength(1);
  expect((await post(escalations[0].id, 'approve')).status).toBe(422);
});

test('a hand-over says what is asked of people, is assigned, taken over and given back', async () => {
  const conversationId = await writes('Can I bring my dog?');
  const { escalations } = await handedOver({
    conversationId,
    script: {
      turns: [
        finishTurn({
          disposition: 'escalated',
          disposition_reason: 'missing_info',
          questions_for_operator: ['Are dogs allowed?'],
          request_for_additional_info: 'The house rules.',
        }),
      ],
    },
  });
  const [escalation] = escalations;
  expect(escalation).toMatchObject({
    disposition_reason: 'missing_info',
    questions_for_operator: ['Are dogs allowed?'],
    request_for_additional_info: 'The house rules.',
    proposed_response: null,
  });
  const { id } = escalation;
  const nobody = await post(id, 'assign', { assignee_id: 'tk0' });
  expect([nobody.status, nobody.json.error]).toEqual([400, expect.stringContaining('assignee_id')]);
  const taken = await post(id, 'take-over');
  const me = taken.json.data.assignee_id;
  expect(taken.json.data).toMatchObject({
    taken_over: true,
    assignee_id: expect.stringMatching(/^tk/),
  });
  expect((await post(id, 'assign', { assignee_id: me })).json.data.assignee_id).toBe(me);
  const conversation = await api.request('GET', `/v1/conversations/${conversationId}`);
  expect(conversation.json.data).toMatchObject({ ai_paused: true, assignee_id: me });
  expect((await post(id, 'give-back')).json.data).toMatchObject({ taken_over: false });
  const ids = async (query: string) =>
    (await api.request('GET', `/v1/escalations?${query}`)).json.data.map(
      (one: { id: string }) => one.id,
    );
  expect(await ids(`assignee_id=${me}&status=pending&conversation_id=${conversationId}`)).toEqual([
    id,
  ]);
  expect(await ids(`conversation_id=${conversationId}&status=resolved`)).toEqual([]);
  expect((await post(id, 'resolve', { status: 'pending' })).status).toBe(400);
  expect((await post(id, 'resolve')).json.data.status).toBe('resolved');
  expect((await post(id, 'assign', { assignee_id: me })).status).toBe(409);
  expect((await api.request('GET', '/v1/escalations/es0')).status).toBe(404);
});

test('a run without a conversation is handed over too, and has nobody to reply to', async () => {
  const { escalations } = await handedOver({ conversationId: null, ...proposes() });
  expect(escalations).toMatchObject([{ type: 'run', conversation_id: null, guest_message: null }]);
  expect((await post(escalations[0].id, 'approve')).status).toBe(422);
  expect((await post(escalations[0].id, 'take-over')).status).toBe(422);
});
