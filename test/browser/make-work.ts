import { setTimeout as sleep } from 'node:timers/promises';
import { dispatch, orderTool, type TestDashboard } from './open-dashboard.ts';

// What people work on in the dashboard, made through the API: messages that agents proposed replies to, calls that
// wait for an approval, and what agents know.

interface Listed {
  readonly data: readonly { readonly id: string }[];
}

export interface TestWork {
  readonly desk: string;
  readonly chatChannel: string;
  readonly escalationId: string;
  readonly conversationId: string;
  readonly approvalId: string;
  /** What is proposed of a ticket's priority. */
  readonly fieldId: string;
  readonly skillId: string;
  readonly nodeId: string;
  readonly eventId: string;
  readonly contactId: string;
}

/** Somebody writes by the channel; gives the conversation's id. */
export async function writes(
  { server }: TestDashboard,
  given: { readonly channelId: string; readonly from: string; readonly body: string },
): Promise<string> {
  const { body } = await server.call<{ data: { conversation_id: string } }>(
    'POST',
    `/v1/channels/${given.channelId}/messages`,
    { from: { id: given.from.toLowerCase(), name: given.from }, body: given.body },
  );
  return body.data.conversation_id;
}

/** The first item of a list of the API, once there is one. */
export async function firstOf({ server }: TestDashboard, path: string): Promise<string> {
  const until = Date.now() + 30_000;
  while (Date.now() < until) {
    const { body } = await server.call<Listed>('GET', path);
    const [first] = body.data;
    if (first !== undefined) return first.id;
    await sleep(100);
  }
  throw new Error(`Nothing came to ${path}.`);
}

async function made(dashboard: TestDashboard, path: string, body: object): Promise<string> {
  const answer = await dashboard.server.call<{ data: { id: string } }>('POST', path, {
    workspace_id: dashboard.workspaceId,
    ...body,
  });
  return answer.body.data.id;
}

const lateOrders = `---
name: late-orders
description: What to do when an order is late.
---

# Late orders

1. Look the order up.
2. Say **when** it comes.
`;

/** A page of knowledge, a skill, a scheduled run and an event; gives the page’s id. */
async function makeSurroundings(dashboard: TestDashboard, agentId: string): Promise<string> {
  const { server, workspaceId } = dashboard;
  const inWorkspace = `workspace_id=${workspaceId}`;
  const handbook = await made(dashboard, `/v1/kb/nodes?${inWorkspace}`, {
    title: 'Handbook',
    is_directory: true,
  });
  const nodeId = await made(dashboard, `/v1/kb/nodes?${inWorkspace}`, {
    title: 'Delivery',
    parent_id: handbook,
    body: '# Delivery\n\nOrders leave us the day after they are paid, and take three days.',
  });
  await made(dashboard, '/v1/skills/import', {
    files: [{ path: 'SKILL.md', content: lateOrders }],
  });
  await made(dashboard, '/v1/schedules', {
    agent_id: agentId,
    scheduled_for: new Date(Date.now() + 36 * 3_600_000).toISOString(),
    entity_id: 'A-17',
    payload: { order_id: 'A-17' },
  });
  await server.call('POST', `/v1/events?${inWorkspace}`, {
    type: 'order.paid',
    payload: { total: 70 },
    entity_id: 'A-18',
  });
  return nodeId;
}

/** A ticket, technicians, and an agent that says what it would do with it. */
async function makeProposals(dashboard: TestDashboard): Promise<void> {
  const say = (kind: string, records: readonly object[]) =>
    made(dashboard, `/v1/records/${kind}`, { records });
  await say('technicians', [
    { external_id: 't1', data: { name: 'Tom Ray', role: 'network' } },
    { external_id: 't2', data: { name: 'Uma Cole', role: 'desk' } },
  ]);
  const ticket = { summary: 'Printers are down', priority: 'low', owner_id: 't2' };
  await say('psa-ticket', [{ external_id: 'T-77', data: ticket }]);
  const dispatcher = await made(dashboard, '/v1/agents', {
    name: 'Dispatcher',
    description: 'Sorts tickets.',
    instructions: 'Say what the ticket should hold, and who should work on it.',
    model: 'scripted/dispatcher',
    tools: ['propose_field_update', 'propose_technician'],
    triggers: [{ type: 'webhook', name: 'Ticket', config: {} }],
  });
  await dispatch(dashboard, dispatcher);
}

export async function makeWork(dashboard: TestDashboard): Promise<TestWork> {
  const inWorkspace = `workspace_id=${dashboard.workspaceId}`;
  const chatChannel = await made(dashboard, '/v1/channels', {
    type: 'chat',
    name: 'Shop',
    quiet_ms: 0,
  });
  const tool = {
    description: 'Does something with an order.',
    language: 'python',
    code: orderTool,
    parameters: { order_id: { type: 'string', required: true } },
  };
  await made(dashboard, '/v1/custom-tools', { name: 'order-status', ...tool });
  await made(dashboard, '/v1/custom-tools', { name: 'refund', ...tool, requires_approval: true });
  const desk = await made(dashboard, '/v1/agents', {
    name: 'Shop desk',
    description: 'Answers customers of the shop.',
    instructions: 'Answer the customer.',
    model: 'scripted/copilot',
    operation_mode: 'copilot',
    tools: ['order-status'],
    triggers: [{ type: 'message', name: 'Chat', config: { channels: ['chat'] } }],
  });
  const refunds = await made(dashboard, '/v1/agents', {
    name: 'Refund desk',
    description: 'Pays orders back.',
    instructions: 'Refund it.',
    model: 'scripted/refund',
    tools: ['refund'],
    triggers: [
      { type: 'webhook', name: 'Complaint', config: {} },
      { type: 'cron', name: 'Mornings', config: { expression: '0 9 * * MON-FRI' } },
      {
        type: 'event',
        name: 'Large orders',
        config: { event: 'order.paid', filter: [{ field: 'total', op: 'gt', value: 100 }] },
      },
    ],
  });
  const gifts = await made(dashboard, '/v1/agents', {
    name: 'Gift desk',
    description: 'Knows about gifts.',
    instructions: 'Look it up.',
    model: 'scripted/gift',
    tools: ['search_knowledge'],
    triggers: [{ type: 'webhook', name: 'Question', config: {} }],
  });
  const conversationId = await writes(dashboard, {
    channelId: chatChannel,
    from: 'Ada Lovelace',
    body: 'Hello! Where is my order A-17?',
  });
  await dispatch(dashboard, refunds);
  await dispatch(dashboard, gifts);
  await makeProposals(dashboard);
  const nodeId = await makeSurroundings(dashboard, refunds);
  await firstOf(dashboard, `/v1/kb/gaps?${inWorkspace}`);
  return {
    desk,
    chatChannel,
    conversationId,
    nodeId,
    skillId: await firstOf(dashboard, `/v1/skills?${inWorkspace}`),
    eventId: await firstOf(dashboard, `/v1/trigger-events?${inWorkspace}&source=event`),
    contactId: await firstOf(dashboard, `/v1/contacts?${inWorkspace}`),
    escalationId: await firstOf(dashboard, `/v1/escalations?${inWorkspace}`),
    fieldId: await firstOf(dashboard, `/v1/field-decisions?${inWorkspace}&purpose=field`),
    approvalId: await firstOf(dashboard, `/v1/approvals?${inWorkspace}&status=pending`),
  };
}
