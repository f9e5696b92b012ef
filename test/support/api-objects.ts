import { newId } from '../../src/core/ids.ts';
import { writeSpill } from '../../src/store/spills.ts';
import { insertToolRun } from '../../src/store/tool-runs.ts';
import { setSecret } from '../../src/tools/secrets.ts';
import { insertApproval } from './approvals.ts';
import { type ConversationObjects, createConversationObjects } from './conversation-objects.ts';
import { makeObject, type ObjectMaker } from './object-maker.ts';
import { createRecordObjects, type RecordObjects } from './record-objects.ts';
import { makeRoom } from './room-for-objects.ts';

/** One object of every kind that a path can name, all in one workspace. */
export interface ApiObjects extends ConversationObjects, RecordObjects {
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
  readonly triggerEvent: string;
  readonly budget: string;
  readonly erasure: string;
  readonly skill: string;
  readonly memory: string;
}

/** Makes them through the API, as the admin. */
export async function createApiObjects(api: ObjectMaker, workspaceId: string): Promise<ApiObjects> {
  const make = (path: string, body: object) => makeObject(api, path, body);
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
  const owner = { workspaceId, agentId: agent.id, runId: run.id };
  const conversations = await createConversationObjects(api, owner);
  const conversationId = conversations.conversation;
  const records = await createRecordObjects(api, { ...owner, conversationId });
  const erasure = newId('erasure');
  await api.deps.db.execute({
    text: `INSERT INTO erasures (id, workspace_id, contact_id, known_by, status) VALUES ($1, $2, $3, '{}', 'done')`,
    values: [erasure, workspaceId, newId('contact')],
  });
  return {
    ...conversations,
    ...records,
    erasure,
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
    triggerEvent: event.trigger_event_ids[0],
    budget: budget.id,
    skill: skill.id,
    memory: memory.id,
  };
}
