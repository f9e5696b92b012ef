import { toAttachments } from '../../src/core/attachment.ts';
import { newId } from '../../src/core/ids.ts';
import { insertTag } from '../../src/store/conversation-tags.ts';
import { insertFieldDecision } from '../../src/store/field-decisions.ts';
import { recordInbound } from '../../src/store/inbound.ts';
import { insertInboxType } from '../../src/store/inbox-types.ts';
import { readLastMessages } from '../../src/store/messages.ts';
import { insertScriptRun } from '../../src/store/script-runs.ts';
import { writeSpill } from '../../src/store/spills.ts';
import { insertToolRun } from '../../src/store/tool-runs.ts';
import { setSecret } from '../../src/tools/secrets.ts';
import type { TestApi } from './api.ts';
import { insertApproval } from './approvals.ts';
import { insertChannelRow } from './channels.ts';
import { addChatAttachment } from './chat-attachment.ts';
import { makeRoom } from './room-for-objects.ts';

/** One object of every kind that a path can name, all in one workspace. */
export interface ApiObjects {
  readonly workspace: string;
  readonly agent: string;
  readonly testCase: string;
  readonly testRun: string;
  /** Another one. */
  readonly agent2: string;
  /** A member of the workspace. */
  readonly member: string;
  readonly trigger: string;
  readonly run: string;
  readonly tool: string;
  /** A direct run of it. */
  readonly toolRun: string;
  readonly token: string;
  /** The key of the trigger's URL. */
  readonly hook: string;
  readonly webhook: string;
  readonly delivery: string;
  readonly model: string;
  readonly price: string;
  readonly alert: string;
  readonly notificationPreference: string;
  readonly notification: string;
  readonly mcpServer: string;
  readonly openApiSource: string;
  /** A large output of the run, kept apart. */
  readonly output: string;
  /** A run for later. */
  readonly schedule: string;
  readonly knowledgeNode: string;
  /** One that the run waits for. */
  readonly approval: string;
  /** The run's hand-over, with a proposed reply. */
  readonly escalation: string;
  readonly triggerEvent: string;
  readonly budget: string;
  readonly channel: string;
  readonly contact: string;
  readonly erasure: string;
  readonly contactChannel: string;
  readonly conversation: string;
  readonly message: string;
  readonly attachment: string;
  /** A file of the chat. */
  readonly chatAttachment: string;
  /** Of somebody outside, for the chat. */
  readonly chatToken: string;
  /** A chat with the agent. */
  readonly chatSession: string;
  readonly conversationTag: string;
  readonly inboxType: string;
  readonly skill: string;
  readonly memory: string;
  readonly reservation: string;
  readonly appointment: string;
  readonly call: string;
  /** Resolved, with a conversation. */
  readonly ticket: string;
  readonly helpdeskTicket: string;
  /** Proposed by the run: a technician for a ticket. */
  readonly fieldDecision: string;
  readonly scriptRun: string;
}

/** What makes them: the API of a test, or a server of its own with its database. */
export interface ObjectMaker {
  readonly request: TestApi['request'];
  readonly tokens: Pick<TestApi['tokens'], 'admin'>;
  readonly deps: Pick<TestApi['deps'], 'db' | 'secretBox'>;
}

/** Makes them through the API, as the admin. */
export async function createApiObjects(api: ObjectMaker, workspaceId: string): Promise<ApiObjects> {
  const make = async (path: string, body: object) => {
    const made = await api.request('POST', path, { token: api.tokens.admin, body });
    if (made.status > 202) throw new Error(`POST ${path}: ${made.status} ${made.text}`);
    return made.json.data;
  };
  await makeRoom(api.deps.db, workspaceId);
  const agent = await make('/v1/agents', {
    workspace_id: workspaceId,
    name: 'Reservations',
    description: 'Confirms reservations.',
    instructions: 'Look the reservation up and confirm it.',
    guardrails: [{ title: 'No refunds', knowledge: 'Promise none.' }],
    output_schema: [{ name: 'resolution', type: 'string', is_required: true }],
    triggers: [{ name: 'Changed', type: 'webhook', config: {} }],
  });
  const ofAgent = { workspace_id: workspaceId, agent_id: agent.id };
  const testCase = await make('/v1/tests', { ...ofAgent, name: 'Confirms' });
  const testRun = await make('/v1/tests/runs', ofAgent);
  const agent2 = await make('/v1/agents', {
    workspace_id: workspaceId,
    name: 'Another',
    description: 'Another one.',
    instructions: 'Do something else.',
  });
  const member = await make(`/v1/workspaces/${workspaceId}/users`, {
    email: `member-${agent.id}@example.com`,
    role: 'viewer',
  });
  const run = await make(`/v1/agents/${agent.id}/run`, { payload: { reservation_id: 'res_123' } });
  const tool = await make('/v1/custom-tools', {
    workspace_id: workspaceId,
    name: `tool-${run.id}`,
    language: 'python',
    code: 'def main(**params):\n    return {"message": "done"}\n',
    parameters: { order_id: { type: 'string' } },
  });
  const toolRun = newId('toolRun');
  await insertToolRun(api.deps.db, {
    id: toolRun,
    toolId: tool.id,
    toolVersion: 1,
    tokenId: null,
    inputJson: '{}',
  });
  const token = await make('/v1/tokens', {
    name: 'Made',
    access: 'read',
    workspace_ids: [workspaceId],
  });
  const mcpServer = await make('/v1/mcp-servers', {
    workspace_id: workspaceId,
    name: `s-${run.id.slice(-28)}`,
    config: { transport: 'http', url: 'https://mcp.example.com/mcp' },
  });
  const openApiSource = await make('/v1/openapi-tools', {
    workspace_id: workspaceId,
    name: `o-${run.id.slice(-28)}`,
    base_url: 'https://api.example.com',
    document: '{"openapi":"3.1.0","paths":{"/orders":{"get":{"operationId":"listOrders"}}}}',
  });
  await setSecret(api.deps, { workspaceId, name: 'API_KEY' }, 'an api key');
  const schedule = await make('/v1/schedules', {
    workspace_id: workspaceId,
    agent_id: agent.id,
    scheduled_for: '2035-04-03T09:00:00Z',
  });
  const knowledgeNode = await make(`/v1/kb/nodes?workspace_id=${workspaceId}`, {
    title: 'Check-in',
    body: 'From three in the afternoon.',
  });
  const event = await make(`/v1/events?workspace_id=${workspaceId}`, {
    type: 'reservation.created',
  });
  const budget = await make('/v1/budgets', {
    workspace_id: workspaceId,
    agent_id: agent.id,
    period: 'day',
    max_runs: 1_000,
  });
  const approval = await insertApproval(api.deps.db, {
    workspaceId,
    runId: run.id,
    agentId: agent.id,
  });
  const memory = await make('/v1/memories', { workspace_id: workspaceId, content: 'Noted.' });
  const skill = await make('/v1/skills', {
    workspace_id: workspaceId,
    name: `skill-${run.id}`,
    description: 'Use it to greet.',
    body: 'Greet by the first name.',
  });
  const output = newId('spill');
  await writeSpill(
    { db: api.deps.db },
    { runId: run.id, id: output, step: 1, text: 'a large output' },
  );
  const webhook = await make('/v1/webhooks', {
    workspace_id: workspaceId,
    url: 'https://example.com/hooks',
    event_types: ['run.*'],
  });
  await make(`/v1/webhooks/${webhook.id}/test`, {});
  const model = await make('/v1/models', {
    workspace_id: workspaceId,
    name: `m-${run.id.slice(-28)}`,
    provider: 'openai',
    model: 'gpt-5-mini',
  });
  const alert = await make('/v1/alerts', {
    workspace_id: workspaceId,
    name: 'Tools',
    kind: 'sandbox_degraded',
  });
  const preference = await make('/v1/notifications/preferences', {
    workspace_id: workspaceId,
    user_id: member.id,
    channel: 'email',
  });
  const notification = await make(`/v1/notifications/preferences/${preference.id}/test`, {});
  const price = await make('/v1/prices', {
    workspace_id: workspaceId,
    model: `openai-compatible/m-${run.id.slice(-28)}`,
    input: 1,
    output: 2,
  });
  const deliveries = await api.request('GET', `/v1/webhooks/${webhook.id}/deliveries`, {
    token: api.tokens.admin,
  });
  // The matrix makes more than a workspace may have.
  const maxCount = 1_000_000;
  const inboxType = await insertInboxType(api.deps.db, {
    workspaceId,
    id: newId('inboxType'),
    name: `Inbox ${run.id}`,
    maxCount,
  });
  const conversationTag = newId('conversationTag');
  await insertTag(api.deps.db, {
    id: conversationTag,
    workspaceId,
    parentId: null,
    name: `Topic ${run.id}`,
    description: '',
    maxCount,
  });
  const channel = await insertChannelRow(api.deps.db, workspaceId, {
    ...{ type: 'chat', name: 'Chat', channel: 'chat', inboundKey: newId('unit') },
  });
  const inbound = await recordInbound(api.deps.db, {
    channel,
    externalId: null,
    threadKey: run.id,
    contact: { value: run.id, scope: channel.id, firstName: 'Ada', lastName: 'Example' },
    sender: { externalId: run.id, name: 'Ada Example' },
    subject: null,
    body: 'Where is my order?',
    attachments: toAttachments([
      { name: 'a.txt', mediaType: 'text/plain', bytes: Buffer.from('a') },
    ]),
    wantsReply: true,
  });
  const [message] = await readLastMessages(api.deps.db, inbound.conversationId, 1);
  const session = await api.request('POST', '/public-api/chat/sessions', {
    token: api.tokens.admin,
    body: { agent_id: agent.id },
  });
  const endUser = await api.request('POST', '/public-api/sessions', {
    token: api.tokens.admin,
    body: { session_id: session.json.data.id, end_user: 'ada' },
  });
  const escalation = newId('escalation');
  await api.deps.db.execute({
    text: `INSERT INTO escalations (id, workspace_id, run_id, agent_id, conversation_id, read_rev, disposition,
        proposed_response)
      VALUES ($1, $2, $3, $4, $5, 1, 'escalated', 'It is on its way.')`,
    values: [escalation, workspaceId, run.id, agent.id, inbound.conversationId],
  });
  const conversation = await api.request('GET', `/v1/conversations/${inbound.conversationId}`, {
    token: api.tokens.admin,
  });
  const record = async (kind: string, data: object) => {
    const records = [{ external_id: 'known', data: { ...data, note: run.id } }];
    const path = `/v1/records/${kind}?workspace_id=${workspaceId}`;
    return (await make(path, { records }))[0].id as string;
  };
  const conversation_id = inbound.conversationId;
  const company = { psa_company_name: 'Known' };
  await record('end-companies', company);
  await record('technicians', { name: 'Ada' });
  // Two that the routes delete again.
  await api.request('PUT', `/v1/record-kinds/purchase-orders?workspace_id=${workspaceId}`, {
    token: api.tokens.admin,
    body: { fields: [{ name: 'status', type: 'string' }] },
  });
  await api.request('PUT', `/v1/custom-attributes/loyalty_tier?workspace_id=${workspaceId}`, {
    token: api.tokens.admin,
    body: { type: 'string' },
  });
  const fieldDecision = newId('fieldDecision');
  await insertFieldDecision(api.deps.db, {
    ...{ id: fieldDecision, workspaceId, agentId: agent.id, runId: run.id, callKey: fieldDecision },
    ...{ purpose: 'dispatch', kind: 'psa-ticket', entityId: 'known', field: 'owner_id' },
    recordId: await record('psa-ticket', {}),
    ...{ isCustomField: false, shouldUpdate: true, currentJson: 'null', proposedJson: '"known"' },
    ...{ proposedOptionId: 'known', justification: 'Knows it.', options: [], status: 'proposed' },
  });
  const scriptRun = newId('scriptRun');
  await insertScriptRun(api.deps.db, {
    ...{ id: scriptRun, workspaceId, agentId: agent.id, runId: run.id, callKey: scriptRun },
    ...{ scriptId: 'restart', scriptName: 'Restart', machineId: 'known', toolName: 'rmm__run' },
    inputJson: '{}',
  });
  const erasure = newId('erasure');
  await api.deps.db.execute({
    text: `INSERT INTO erasures (id, workspace_id, contact_id, known_by, status) VALUES ($1, $2, $3, '{}', 'done')`,
    values: [erasure, workspaceId, newId('contact')],
  });
  return {
    reservation: await record('reservations', {}),
    appointment: await record('appointments', {}),
    call: await record('calls', {}),
    ticket: await record('tickets', { status: 'resolved', conversation_id }),
    helpdeskTicket: await record('helpdesk-tickets', {}),
    fieldDecision,
    scriptRun,
    erasure,
    channel: channel.id,
    contact: conversation.json.data.contact.id,
    contactChannel: conversation.json.data.channel_node_id,
    conversation: inbound.conversationId,
    message: inbound.messageId,
    attachment: message?.attachments[0]?.id ?? '',
    chatAttachment: await addChatAttachment(api, session.json.data.id),
    chatToken: endUser.json.data.jti,
    chatSession: session.json.data.id,
    conversationTag,
    inboxType: inboxType?.id ?? '',
    workspace: workspaceId,
    agent: agent.id,
    testCase: testCase.id,
    testRun: testRun.id,
    agent2: agent2.id,
    member: member.id,
    trigger: agent.triggers[0].id,
    run: run.id,
    tool: tool.id,
    toolRun,
    token: token.id,
    hook: agent.triggers[0].config.url.replace('/hooks/', ''),
    webhook: webhook.id,
    delivery: deliveries.json.data[0].id,
    model: model.id,
    price: price.id,
    alert: alert.id,
    notificationPreference: preference.id,
    notification: notification.id,
    mcpServer: mcpServer.id,
    openApiSource: openApiSource.id,
    output,
    schedule: schedule.id,
    knowledgeNode: knowledgeNode.id,
    approval,
    escalation,
    triggerEvent: event.trigger_event_ids[0],
    budget: budget.id,
    skill: skill.id,
    memory: memory.id,
  };
}
