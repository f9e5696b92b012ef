import { expect } from 'vitest';
import type { TestApi } from './api.ts';

// A workspace with something of everything that can be kept as files.

// biome-ignore lint/suspicious/noExplicitAny: tests reach into answers of every shape.
type Call = (method: string, path: string, body?: object) => Promise<any>;

export interface Filled {
  readonly workspaceId: string;
  /** With a token of the workspace; the answer's `data`. */
  readonly call: Call;
}

/** Of the tool `get-order`. */
export const code =
  'def main(order_id: str) -> dict:\n    """Looks an order up."""\n    return {"message": order_id}';

/** Tools, agents that ask one another, tests, and all that `fillOthers` makes. */
export async function fillWorkspace(
  api: Pick<TestApi, 'request' | 'tokens'>,
  { workspaceId: workspace_id, call }: Filled,
): Promise<void> {
  await call('POST', '/v1/custom-tools', {
    workspace_id,
    name: 'get-order',
    language: 'python',
    code,
    parameters: { order_id: { type: 'string' } },
    secrets: ['API_KEY'],
    network: { allow: ['api.example.com'] },
  });
  await call('POST', '/v1/custom-tools', {
    workspace_id,
    name: 'add-up',
    language: 'javascript',
    code: 'export async function main({a}) {\r\n  return {message: a};\n}\n\n',
  });
  const skill = await fillOthers({ workspace_id, call });
  const desk = await call('POST', '/v1/agents', {
    workspace_id,
    model: 'careful',
    skill_ids: [skill.id],
    name: 'Order desk: “Ünïcode” #1',
    description: 'yes',
    instructions: '# Orders\n\nLook the order up.\nThen answer: no\n  indented\n\ttab\n\n',
    guardrails: [
      { title: 'No refunds', knowledge: 'Promise none.' },
      { title: 'No refunds', knowledge: 'Not even small ones.' },
    ],
    output_schema: [{ name: 'state', type: 'string', is_required: true, description: '' }],
    tools: ['get-order', 'schedule'],
    limits: { max_steps: 5 },
    triggers: [
      {
        name: 'Nightly',
        type: 'cron',
        config: { expression: '0 3 * * *', timezone: 'Europe/Berlin' },
      },
      { name: 'In', type: 'webhook', config: { verify: 'github', secret: 'a webhook secret' } },
      { name: 'Owners', type: 'message', config: { inboxTypeId: skill.inboxTypeId } },
    ],
  });
  const helper = await call('POST', '/v1/agents', {
    workspace_id,
    name: 'Helper',
    description: 'Helps.',
    instructions: 'Help.',
    enabled: false,
    tools: [`agent:${desk.id}`],
  });
  await call('PATCH', `/v1/agents/${desk.id}`, {
    tools: ['get-order', `agent:${helper.id}`],
    tools_when_untrusted: [`agent:${helper.id}`],
    approvals: { tools: ['get-order', `agent:${helper.id}`] },
  });
  for (const name of ['Same: slug', 'Same; slug']) {
    const made = await api.request('POST', '/v1/tests', {
      body: `{"workspace_id": "${workspace_id}", "agent_id": "${desk.id}", "name": "${name}", "payload": {"2": 1, "id": 12345678901234567890, "text": "on\\nno: [", "empty": null}, "expect": {"disposition": "resolved", "text": [{"judge": "Kind."}]}}`,
      token: api.tokens.admin,
    });
    expect(made.status).toBe(201);
  }
}

/** Models, a channel, knowledge, and a skill, which is given with an inbox type of the channel's. */
export async function fillOthers({ workspace_id, call }: { workspace_id: string; call: Call }) {
  const given = { workspace_id, provider: 'openai', model: 'gpt-5-mini' };
  await call('POST', '/v1/models', { ...given, name: 'spare' });
  await call('POST', '/v1/models', { ...given, name: 'careful', fallbacks: ['spare'] });
  const { id: inboxTypeId } = await call('POST', '/v1/inbox-types', {
    workspace_id,
    name: 'Owners',
  });
  const channel = { workspace_id, type: 'chat', name: 'Front', inbox_type_id: inboxTypeId };
  await call('POST', '/v1/channels', { ...channel, config: {} });
  const node = (body: object) => call('POST', `/v1/kb/nodes?workspace_id=${workspace_id}`, body);
  const rules = await node({ title: 'House rules', is_directory: true, tags: ['rules'] });
  await node({ title: 'Quiet hours', parent_id: rules.id, body: '# Quiet\r\n\nFrom ten.  ' });
  await node({ title: 'Empty', is_directory: true, parent_id: rules.id });
  await node({ title: 'Codes', source_type: 'text', body: 'a: [\n', metadata: { n: 1 } });
  await node({ title: 'Synced', source: 'crm', source_id: '7', body: 'Of the CRM.' });
  const skill = await call('POST', `/v1/skills/import?workspace_id=${workspace_id}`, {
    files: [
      {
        path: 'SKILL.md',
        content: '---\nname: greeting\ndescription: Use it to greet.\n---\n\nGreet.',
      },
      { path: 'scripts/greet.py', content: 'print(1)\n', executable: true },
      { path: 'seal.bin', content: '/wD+', encoding: 'base64' },
    ],
    tags: ['polite'],
  });
  return { id: skill.id, inboxTypeId };
}
