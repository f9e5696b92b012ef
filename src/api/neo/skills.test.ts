import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

let count = 0;

async function create(change: object = {}) {
  return await api.request('POST', '/public-api/skills', {
    body: {
      name: 'Password resets',
      slug: `password-resets-${++count}`,
      description: 'Use it when somebody cannot sign in.',
      source_run_id: 'run_1',
      files: [
        { path: 'SKILL.md', content: 'Ask for the number.\nThen ask for the number again.\n' },
        { path: 'scripts/check.py', content: 'print("ok")\n' },
      ],
      ...change,
    },
  });
}

async function edit(id: string, edits: object[], base_hash: string | null = null) {
  return await api.request('PATCH', `/public-api/skills/${id}`, { body: { edits, base_hash } });
}

describe('/public-api/skills', () => {
  test('creates a skill with files, and gives its text front matter', async () => {
    const { status, json } = await create();
    expect(status).toBe(201);
    const { slug } = json.data;
    expect(json.data).toMatchObject({
      id: expect.stringMatching(/^ks/),
      name: 'Password resets',
      description: 'Use it when somebody cannot sign in.',
      source_run_id: 'run_1',
      hash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      updated_at: expect.any(String),
      files: [
        {
          id: expect.stringMatching(/^sf/),
          path: 'SKILL.md',
          version: 1,
          content: `---\nname: ${slug}\ndescription: Use it when somebody cannot sign in.\n---\n\nAsk for the number.\nThen ask for the number again.\n`,
        },
        { path: 'scripts/check.py', version: 1 },
      ],
    });
    const inTheOther = await api.request('GET', `/v1/skills/${json.data.id}`);
    expect(inTheOther.json.data).toMatchObject({
      name: slug,
      display_name: 'Password resets',
      body: 'Ask for the number.\nThen ask for the number again.\n',
    });
    const listed = await api.request('GET', '/public-api/skills?page_size=1');
    expect(listed.json.data).toEqual([expect.objectContaining({ slug })]);
    expect(listed.json.data[0]).not.toHaveProperty('files');
  });

  test('edits pieces of files under the hash that they were read with', async () => {
    const { json } = await create();
    const { id, hash, files } = json.data;
    const [md, script] = files;
    const once = { file_id: md.id, old_string: 'Ask for', new_string: 'Find' };
    const answer = await edit(
      id,
      [
        once,
        { file_id: md.id, old_string: 'number', new_string: 'badge', replace_all: true },
        { file_id: script.id, old_string: '"ok"', new_string: '"$& ok"' },
      ],
      hash,
    );
    expect(answer.status).toBe(200);
    const [edited, other] = answer.json.data.files;
    expect(edited).toMatchObject({ id: md.id, version: 2 });
    expect(edited.content).toMatch(/Find the badge\.\nThen ask for the badge again\.\n$/);
    expect(other).toMatchObject({ id: script.id, version: 2, content: 'print("$& ok")\n' });
    const stale = await edit(id, [once], hash);
    expect([stale.status, stale.json.error.code]).toEqual([409, 'conflict']);
  });

  test('of edits at the same time under one hash exactly one is made', async () => {
    const { json } = await create();
    const { id, hash } = json.data;
    const answers = await Promise.all(
      [1, 2, 3].map((n) =>
        edit(id, [{ file_id: 'SKILL.md', old_string: 'Ask', new_string: `Ask ${n}` }], hash),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
  });

  test.each([
    [{ file_id: 'sf0', old_string: 'x', new_string: '' }, 'edits[1].file_id'],
    [{ file_id: 'SKILL.md', old_string: 'absent', new_string: '' }, 'edits[1].old_string'],
    [{ file_id: 'SKILL.md', old_string: 'number', new_string: '' }, '2 times'],
    [{ file_id: 'SKILL.md', old_string: '', new_string: 'x' }, 'edits[1].old_string'],
    [{ file_id: 'SKILL.md', old_string: '---', new_string: '', replace_all: true }, 'SKILL.md'],
  ])('an edit that cannot be made leaves all as it is: %j', async (bad, words) => {
    const { json } = await create();
    const { id } = json.data;
    const answer = await edit(id, [
      { file_id: 'scripts/check.py', old_string: 'ok', new_string: 'fine' },
      bad,
    ]);
    expect([answer.status, answer.json.error.message]).toEqual([
      422,
      expect.stringContaining(words),
    ]);
    const after = await api.request('GET', `/public-api/skills/${id}`);
    expect(after.json.data.hash).toBe(json.data.hash);
  });

  test('refuses a slug that its front matter contradicts, and one that is taken', async () => {
    const files = [{ path: 'SKILL.md', content: '---\nname: other\ndescription: D\n---\n' }];
    const refused = await create({ files });
    expect([refused.status, refused.json.error.message]).toEqual([
      422,
      expect.stringContaining('"other"'),
    ]);
    const { json } = await create({ description: null });
    expect(json.data.description).toBe('Password resets');
    expect((await create({ slug: json.data.slug })).status).toBe(409);
  });

  test('changes name, slug, description and files, and deletes', async () => {
    const { json } = await create();
    const path = `/public-api/skills/${json.data.id}`;
    const slug = `renamed-${count}`;
    const named = await api.request('PUT', path, {
      body: { name: 'Sign-in', slug, description: 'Use it for sign-in.', enabled: false },
    });
    expect(named.json.data).toMatchObject({
      ...{ name: 'Sign-in', slug, description: 'Use it for sign-in.', enabled: false },
      files: [{ version: 2 }, { version: 1 }],
    });
    const files = [{ path: 'SKILL.md', content: 'Only this.' }];
    const replaced = await api.request('PUT', path, { body: { files } });
    expect(replaced.json.data).toMatchObject({ slug, files: [{ path: 'SKILL.md', version: 3 }] });
    expect(replaced.json.data.files).toHaveLength(1);
    expect((await api.request('DELETE', path)).json.data).toEqual({
      id: json.data.id,
      deleted: true,
    });
    expect((await api.request('GET', path)).status).toBe(404);
    expect((await edit(json.data.id, [])).status).toBe(422);
  });
});
