import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { startIndexer } from '../support/knowledge.ts';

// What the pages of both products document of skills, knowledge, templates and schemas, field by field: taken
// where it is written, shown under its name and of its type.

let api: TestApi;
let settled: () => Promise<void>;
const resources = new AsyncDisposableStack();
beforeAll(async () => {
  api = resources.use(await createTestApi());
  const { db, logger } = api.deps;
  const { indexer } = resources.use(startIndexer({ db, logger }));
  settled = () => indexer.settled();
});
afterAll(() => resources.disposeAsync());

const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
const text = expect.any(String);
const truth = expect.any(Boolean);
const integer = expect.toSatisfy(Number.isInteger);
const between0And1 = expect.toSatisfy((value) => value >= 0 && value <= 1);

async function answerOf(method: string, path: string, body?: object) {
  const { status, json } = await api.request(method, path, body === undefined ? {} : { body });
  expect([status, json.error]).toEqual([expect.toSatisfy((code) => code < 300), undefined]);
  return json;
}

describe('/v1/skills', () => {
  const written = {
    name: 'booking-policy',
    description: 'Use it for changes of bookings.',
    body: 'Look the booking up first.',
    display_name: 'Booking policy',
    allowed_tools: ['get-booking'],
    tags: ['hotel'],
    enabled: false,
  };
  const whole = { id: text, workspace_id: text, created_at: time, updated_at: time, ...written };

  test('take and show what is documented, and null clears what may be absent', async () => {
    const created = await answerOf('POST', '/v1/skills', {
      workspace_id: api.workspace.id,
      auto_assign_to_existing_v2_agents: false,
      ...written,
    });
    expect(created).toEqual({ data: expect.objectContaining(whole) });
    const { id } = created.data;
    const at = `/v1/skills/${id}?workspace_id=${api.workspace.id}`;
    expect((await answerOf('GET', at)).data).toMatchObject(whole);
    const listed = await answerOf('GET', `/v1/skills?workspace_id=${api.workspace.id}&limit=100`);
    expect(listed).toMatchObject({ data: [whole], has_more: false, next_cursor: null });
    const cleared = { display_name: null, allowed_tools: null, tags: null };
    const changed = { name: 'bookings', description: 'New.', body: 'Anew.', enabled: true };
    const patched = await answerOf('PATCH', at, { ...cleared, ...changed });
    expect(patched.data).toMatchObject({ ...whole, ...cleared, ...changed });
    expect((await answerOf('DELETE', at)).data).toEqual({ id, deleted: true });
  });

  test.each(['name', 'description', 'body', 'display_name'])('a %s is not empty', async (field) => {
    const body = { workspace_id: api.workspace.id, ...written, [field]: '' };
    const { status, json } = await api.request('POST', '/v1/skills', { body });
    expect([status, json.error]).toEqual([400, expect.stringContaining(field)]);
  });
});

describe('/v1/kb', () => {
  const written = {
    title: 'Check-in',
    body: '# Times\n\nCheck-in is from three in the afternoon.',
    entity_ids: ['house-1'],
    is_directory: false,
    metadata: { n: 1.1, nested: { a: [null] } },
    enabled: true,
  };
  const node = {
    ...{ id: text, workspace_id: text, title: text, entity_ids: expect.any(Array) },
    ...{ chunk_body: truth, ancestors: expect.any(Array), depth: integer, source: text },
    ...{ source_type: text, source_id: null, is_directory: truth, metadata: expect.any(Object) },
    ...{ enabled: truth, created_by: text, embed_status: text, chunk_count: integer },
    ...{ version: integer, tags: expect.any(Array), created_at: time, updated_at: time },
  };

  test('take and show what is documented of nodes and passages', async () => {
    const query = `?workspace_id=${api.workspace.id}`;
    const folder = (
      await answerOf('POST', `/v1/kb/nodes${query}`, { title: 'Houses', is_directory: true })
    ).data;
    expect(folder).toMatchObject({ ...node, body: null, parent_id: null, is_directory: true });
    const parent_id = folder.id;
    const created = await answerOf('POST', `/v1/kb/nodes${query}`, { ...written, parent_id });
    expect(created.data).toMatchObject({ ...node, ...written, parent_id, ancestors: [parent_id] });
    const at = `/v1/kb/nodes/${created.data.id}${query}`;
    await settled();
    expect((await answerOf('GET', at)).data).toMatchObject({ ...node, ...written, chunk_count: 1 });

    const found = await answerOf('POST', `/v1/kb/search${query}`, {
      query: 'When is check-in?',
      entity_ids: ['house-1', 'house-2'],
      max_results: 50,
    });
    expect(found.data).toEqual([
      expect.objectContaining({
        ...{ node_id: created.data.id, chunk_id: text, node_title: 'Check-in', chunk_index: 0 },
        chunk_text: 'Check-in is from three in the afternoon.',
        ...{ context: 'Check-in › Times', source: 'manual', knowledge_type: 'markdown' },
        relevance_score: between0And1,
      }),
    ]);
    const elsewhere = { query: 'When is check-in?', entity_ids: ['house-2'] };
    expect((await answerOf('POST', `/v1/kb/search${query}`, elsewhere)).data).toEqual([]);

    const asked = {
      filters: { source: 'manual', enabled: true, parent_id },
      pagination: { page_size: 20 },
    };
    const listed = await answerOf('POST', `/v1/kb/nodes/search${query}`, asked);
    expect(listed).toMatchObject({ total_count: 1, has_more: false, next_cursor: null });
    expect(listed.data).toMatchObject([{ ...node, body: null }]);
    const bodies = { ...asked, include_body: true };
    expect((await answerOf('POST', `/v1/kb/nodes/search${query}`, bodies)).data).toMatchObject([
      { body: written.body },
    ]);

    const emptied = { entity_ids: [], metadata: {}, tags: [], parent_id: null, enabled: false };
    const change = { title: 'Arrival', body: 'From four.' };
    const patched = await answerOf('PATCH', at, { ...change, ...emptied });
    expect(patched.data).toMatchObject({ ...node, ...change, ...emptied, version: 2 });
    expect((await answerOf('DELETE', at)).data).toMatchObject({ deleted: true });
  });

  test.each([0, 51, 1.5])('a search of %d results is refused', async (max_results) => {
    const body = { query: 'x', max_results };
    const { status, json } = await api.request('POST', '/v1/kb/search', { body });
    expect([status, json.error]).toEqual([400, expect.stringContaining('max_results')]);
  });
});

describe('/public-api/skills', () => {
  test('take and show what is documented', async () => {
    const given = {
      name: 'Password resets',
      slug: 'password-resets',
      description: 'Use it when somebody cannot sign in.',
      source_run_id: 'run_1',
    };
    const skill = { id: text, ...given, updated_at: time };
    const files = [{ id: text, path: 'SKILL.md', content: text, version: integer }];
    const created = await answerOf('POST', '/public-api/skills', {
      ...given,
      files: [{ path: 'SKILL.md', content: 'Ask for the number.\n' }],
    });
    expect(created.data).toMatchObject({ ...skill, files });
    const at = `/public-api/skills/${created.data.id}`;
    expect((await answerOf('GET', at)).data).toMatchObject({ ...skill, files });
    expect((await answerOf('GET', '/public-api/skills')).data).toMatchObject([skill]);
    const old_string = 'the number';
    const edit = { file_id: created.data.files[0].id, old_string, new_string: 'the badge' };
    const edited = await answerOf('PATCH', at, {
      edits: [{ ...edit, replace_all: false }],
      base_hash: created.data.hash,
    });
    expect(edited.data.files).toMatchObject([
      { path: 'SKILL.md', content: expect.stringContaining('Ask for the badge.'), version: 2 },
    ]);
    const unbased = { edits: [{ ...edit, old_string: 'badge' }], base_hash: null };
    expect((await answerOf('PATCH', at, unbased)).data).toMatchObject(skill);
    await answerOf('DELETE', at);
  });
});

describe('/public-api/templates', () => {
  const template = {
    ...{ id: integer, name: text, tagline: text, description: text, category: text },
    ...{ popular: truth, scope: text, supported_psas: expect.any(Array) },
    ...{ required_integrations: expect.any(Array), actions: expect.any(Array) },
    ...{ agent_settings: expect.any(Object), callback_settings: expect.any(Object) },
    ...{ toolbox: expect.any(Object), integrations: expect.any(Object) },
    ...{ process_entities_sequentially: truth, created_at: time, updated_at: time },
  };

  test('show what is documented, as the agents that they become show it', async () => {
    const { data: templates } = await answerOf('GET', '/public-api/templates');
    expect(templates.length).toBeGreaterThan(0);
    for (const row of templates) {
      expect(row).toMatchObject(template);
      expect(row).toHaveProperty('schedule');
      const at = `/public-api/templates/${row.id}`;
      expect((await answerOf('GET', at)).data).toEqual(row);
      const installed = (await answerOf('POST', `${at}/install`)).data;
      const agent = (await answerOf('GET', `/public-api/agents/${installed.agent_id}`)).data;
      const { agent_settings, callback_settings, toolbox, integrations } = row;
      const { schedule, process_entities_sequentially } = row;
      expect(agent).toMatchObject({
        ...{ agent_settings, callback_settings, toolbox, integrations },
        ...{ schedule, process_entities_sequentially },
      });
    }
  });
});

describe('/public-api/schemas', () => {
  test('are raw JSON catalogs of what is written of agents and of what there is to name', async () => {
    const { data } = await answerOf('GET', '/public-api/schemas');
    const named = new Map<string, unknown>();
    for (const { name, description } of data) {
      expect(description).toEqual(text);
      named.set(name, (await answerOf('GET', `/public-api/schemas/${name}`)).data);
    }
    for (const name of ['agent', 'trigger', 'custom-tool', 'test-case']) {
      expect(named.get(name)).toMatchObject({ $schema: text });
    }
    expect(named.get('tools')).toEqual(
      expect.arrayContaining([
        {
          name: 'search_knowledge',
          kind: text,
          description: text,
          input_schema: expect.anything(),
        },
      ]),
    );
    expect(named.get('events')).toEqual(expect.arrayContaining(['run.completed']));
  });
});
