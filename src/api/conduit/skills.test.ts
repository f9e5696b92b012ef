import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

let count = 0;
const newName = () => `skill-${++count}`;

async function create(change: object = {}) {
  const answer = await api.request('POST', '/v1/skills', {
    body: {
      workspace_id: api.workspace.id,
      name: newName(),
      description: 'Use it for tests.',
      body: 'Do it.',
      ...change,
    },
  });
  return answer;
}

describe('/v1/skills', () => {
  test('creates a skill, whose fields are in its SKILL.md', async () => {
    const name = newName();
    const body = '\n  Look it up: "first".\n\n---\nThen answer.';
    const answer = await create({ name, body, allowed_tools: ['get-booking'], tags: ['hotel'] });
    expect(answer.status).toBe(201);
    expect(answer.json.data).toMatchObject({
      id: expect.stringMatching(/^ks/),
      workspace_id: api.workspace.id,
      display_name: null,
      enabled: true,
      ...{ name, body, allowed_tools: ['get-booking'], tags: ['hotel'], version: 1 },
    });
    const [file] = (await api.request('GET', `/v1/skills/${answer.json.data.id}/files`)).json.data;
    expect(file.content).toBe(
      `---\nname: ${name}\ndescription: Use it for tests.\nallowed-tools: get-booking\n---\n\n${body}`,
    );
  });

  test('changes what is given and leaves the rest of the file as it is', async () => {
    const name = newName();
    const content = `---\n# Kept.\nname: ${name}\ndescription: >-\n  Use it\n  for tests.\nlicense: MIT\nmetadata: {a: "1"}\n---\n\nDo it.\n`;
    const imported = await api.request('POST', '/v1/skills/import', {
      body: { files: [{ path: 'SKILL.md', content }] },
    });
    const { id } = imported.json.data;
    const path = `/v1/skills/${id}`;
    const patched = await api.request('PATCH', path, {
      body: { body: 'Do it well.\n', allowed_tools: [] },
    });
    expect(patched.json.data).toMatchObject({ allowed_tools: [], version: 2 });
    const [file] = (await api.request('GET', `${path}/files`)).json.data;
    expect(file.content).toBe(
      `---\n# Kept.\nname: ${name}\ndescription: >-\n  Use it\n  for tests.\nlicense: MIT\nmetadata: {a: "1"}\nallowed-tools: ""\n---\n\nDo it well.\n`,
    );
    const cleared = await api.request('PATCH', path, {
      body: { allowed_tools: null, tags: null, display_name: null, enabled: false },
    });
    expect(cleared.json.data).toMatchObject({ allowed_tools: null, enabled: false, version: 3 });
    expect((await api.request('PATCH', path, { body: { enabled: true } })).json.data).toMatchObject(
      { enabled: true, version: 3 },
    );
  });

  test('gives it to every agent there is, where that is asked for', async () => {
    const agent = await addAgent();
    const { json } = await create({ auto_assign_to_existing_v2_agents: true });
    const after = await api.request('GET', `/v1/agents/${agent.id}`);
    expect(after.json.data).toMatchObject({
      skill_ids: [json.data.id],
      agent_version: agent.agent_version + 1,
    });
    const { json: other } = await create();
    expect((await api.request('GET', `/v1/agents/${agent.id}`)).json.data.skill_ids).not.toContain(
      other.data.id,
    );
    const refused = await api.request('DELETE', `/v1/skills/${json.data.id}`);
    expect([refused.status, refused.json.error]).toEqual([409, expect.stringContaining('agents')]);
  });

  test('an agent can only have skills of its workspace', async () => {
    const foreign = await api.request('POST', '/v1/skills', {
      token: api.tokens.other,
      body: {
        ...{ workspace_id: api.otherWorkspace.id, name: newName() },
        ...{ description: 'Use it.', body: 'Do it.' },
      },
    });
    const answer = await api.request('POST', '/v1/agents', {
      body: { ...agentBody(), skill_ids: [foreign.json.data.id, 'ks000'] },
    });
    expect(answer.status).toBe(400);
    expect(answer.json.error).toContain('skill_ids[0] names no skill of this workspace');
    expect(answer.json.error).toContain('skill_ids[1]');
  });

  test.each([
    [{ name: 'Two Words' }, 'name'],
    [{ name: 'a--b' }, 'name'],
    [{ name: 'x'.repeat(65) }, 'name'],
    [{ name: '' }, 'name'],
    [{ description: '' }, 'description'],
    [{ description: 'x'.repeat(1_025) }, 'description'],
    [{ body: '' }, 'body'],
    [{ body: 7 }, 'body'],
    [{ body: 'ü'.repeat(200_000) }, 'body'],
    [{ allowed_tools: ['two words'] }, 'allowed_tools[0]'],
    [{ allowed_tools: null }, 'allowed_tools'],
    [{ tags: 'hotel' }, 'tags'],
    [{ enabled: 'yes' }, 'enabled'],
  ])('refuses %j and names the field', async (change, field) => {
    const answer = await create(change);
    expect([answer.status, answer.json.error]).toEqual([400, expect.stringContaining(field)]);
  });

  test('has each name once, also after a rename; a deleted one is free', async () => {
    const { json } = await create();
    const { name, id } = json.data;
    expect((await create({ name })).status).toBe(409);
    const other = await create();
    const path = `/v1/skills/${other.json.data.id}`;
    expect((await api.request('PATCH', path, { body: { name } })).status).toBe(409);
    expect((await api.request('DELETE', `/v1/skills/${id}`)).status).toBe(200);
    expect((await api.request('PATCH', path, { body: { name } })).json.data.name).toBe(name);
    expect((await api.request('GET', `/v1/skills/${id}`)).status).toBe(404);
    expect((await api.request('DELETE', `/v1/skills/${id}`)).status).toBe(404);
  });

  test('keeps every version, and brings one back', async () => {
    const { json } = await create();
    const path = `/v1/skills/${json.data.id}`;
    await api.request('PATCH', path, { body: { body: 'Second.' } });
    const versions = await api.request('GET', `${path}/versions?limit=1`);
    expect(versions.json).toMatchObject({ data: [{ version: 2 }], has_more: true });
    const rest = await api.request(
      'GET',
      `${path}/versions?limit=1&cursor=${versions.json.next_cursor}`,
    );
    expect(rest.json).toMatchObject({ data: [{ version: 1 }], has_more: false });
    const first = await api.request('GET', `${path}/versions/1`);
    expect(first.json.data.files[0]).toMatchObject({ path: 'SKILL.md', version: 1 });
    const back = await api.request('POST', `${path}/rollback`, { body: { version: 1 } });
    expect(back.json.data).toMatchObject({ version: 3, body: 'Do it.', hash: json.data.hash });
    expect((await api.request('GET', `${path}/versions/9`)).status).toBe(404);
    const none = await api.request('POST', `${path}/rollback`, { body: { version: 9 } });
    expect(none.status).toBe(404);
  });

  test('a repeat with the same Idempotency-Key is the same skill', async () => {
    const name = newName();
    const request = {
      headers: { 'Idempotency-Key': name },
      body: { workspace_id: api.workspace.id, name, description: 'Use it.', body: 'Do it.' },
    };
    const first = await api.request('POST', '/v1/skills', request);
    const second = await api.request('POST', '/v1/skills', request);
    expect([second.status, second.json]).toEqual([201, first.json]);
  });
});

function agentBody() {
  return {
    workspace_id: api.workspace.id,
    name: `Agent ${++count}`,
    description: 'Answers.',
    instructions: 'Answer.',
  };
}

async function addAgent() {
  return (await api.request('POST', '/v1/agents', { body: agentBody() })).json.data;
}
