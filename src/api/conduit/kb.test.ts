import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { createApiObjects } from '../../../test/support/api-objects.ts';
import { startServices, type TestServices } from '../../../test/support/egress.ts';
import { type RunningIndexer, startIndexer } from '../../../test/support/knowledge.ts';

let api: TestApi;
let indexing: RunningIndexer;
let services: TestServices;
beforeAll(async () => {
  services = await startServices();
  api = await createTestApi();
  const { db, logger } = api.deps;
  indexing = startIndexer({ db, logger, openOutlet: services.egress.outlet });
});
afterAll(async () => {
  await indexing[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
  await services[Symbol.asyncDispose]();
});

const post = (path: string, body: object) => api.request('POST', path, { body });
const make = async (body: object) => (await post('/v1/kb/nodes', body)).json.data;
const get = async (id: string) => (await api.request('GET', `/v1/kb/nodes/${id}`)).json.data;
const settled = () => indexing.indexer.settled();

describe('nodes', () => {
  test('are files and directories with all that is documented', async () => {
    const folder = await make({ title: 'Houses', is_directory: true, body: 'ignored' });
    expect(folder).toMatchObject({
      is_directory: true,
      body: null,
      embed_status: 'none',
      depth: 0,
    });
    const { status, json } = await post('/v1/kb/nodes', {
      ...{ title: ' Check-in ', body: '# Times\n\nFrom three.', parent_id: folder.id },
      ...{ entity_ids: ['house-1'], tags: ['arrival'], metadata: { n: 1.1 } },
    });
    expect(status).toBe(201);
    expect(json.data.id).toMatch(/^[a-f0-9]{24}$/);
    expect(json.data).toMatchObject({
      ...{ title: 'Check-in', parent_id: folder.id, ancestors: [folder.id], depth: 1 },
      ...{ entity_ids: ['house-1'], tags: ['arrival'], metadata: { n: 1.1 }, enabled: true },
      ...{ source: 'manual', source_type: 'markdown', chunk_body: true, version: 1 },
      ...{ embed_status: 'pending', indexed_version: null },
    });
    await settled();
    expect(await get(json.data.id)).toMatchObject({ embed_status: 'ready', chunk_count: 1 });
    const chunks = await api.request('GET', `/v1/kb/nodes/${json.data.id}/chunks`);
    expect(chunks.json.data).toMatchObject([
      { chunk_index: 0, context: 'Check-in › Times', chunk_text: 'From three.' },
    ]);
    expect(chunks.json).toMatchObject({ has_more: false, next_cursor: null });
  });

  test('are listed by filters, page by page, counted, without bodies unless asked', async () => {
    const tags = ['listed'];
    for (let n = 0; n < 3; n++) await make({ title: `L${n}`, body: 'x', tags });
    const path = '/v1/kb/nodes/search';
    const first = (await post(path, { filters: { tags }, pagination: { page_size: 2 } })).json;
    expect(first).toMatchObject({ total_count: 3, has_more: true });
    expect(first.data.map(({ title }: { title: string }) => title)).toEqual(['L2', 'L1']);
    expect(first.data[0].body).toBeNull();
    const cursor = first.next_cursor;
    const rest = { filters: { tags }, pagination: { page_size: 2, cursor }, include_body: true };
    expect((await post(path, rest)).json.data).toMatchObject([{ title: 'L0', body: 'x' }]);
    const other = { filters: { tags: ['other'] }, pagination: { cursor } };
    expect((await post(path, other)).status).toBe(400);
    const none = { filters: { parent_id: null, source: 'none', enabled: false } };
    expect((await post(path, none)).json).toMatchObject({ data: [], total_count: 0 });
  });

  test('are changed by what is given, moved, and never below themselves', async () => {
    const outer = await make({ title: 'Outer', is_directory: true });
    const inner = await make({ title: 'Inner', is_directory: true, parent_id: outer.id });
    const leaf = await make({ title: 'Leaf', body: 'a', parent_id: inner.id, tags: ['t'] });
    const patch = (id: string, body: object) =>
      api.request('PATCH', `/v1/kb/nodes/${id}`, { body });
    expect((await patch(outer.id, { parent_id: inner.id })).json.error).toMatch(
      /parent_id is the node/,
    );
    expect((await patch(inner.id, { parent_id: leaf.id })).json.error).toMatch(
      /parent_id is a file/,
    );
    expect((await patch(outer.id, { body: 'no' })).json.error).toMatch(/body is of files only/);
    expect((await patch(inner.id, { parent_id: null })).json.data).toMatchObject({ ancestors: [] });
    expect(await get(leaf.id)).toMatchObject({ ancestors: [inner.id], tags: ['t'], version: 1 });
    expect((await patch(leaf.id, { tags: [], body: 'b' })).json.data).toMatchObject({
      tags: [],
      version: 2,
    });
    const versions = await api.request('GET', `/v1/kb/nodes/${leaf.id}/versions`);
    expect(versions.json.data).toMatchObject([
      { version: 2, body: 'b' },
      { version: 1, body: 'a' },
    ]);
    const gone = await api.request('DELETE', `/v1/kb/nodes/${inner.id}`);
    expect(gone.json).toEqual({ data: { id: inner.id, deleted: true } });
    expect((await api.request('GET', `/v1/kb/nodes/${leaf.id}`)).status).toBe(404);
    expect((await api.request('DELETE', `/v1/kb/nodes/${inner.id}`)).status).toBe(404);
  });

  test.each([
    [{ body: 'x' }, /title is required/],
    [{ title: '' }, /title must not be empty/],
    [{ title: 'x', parent_id: 'nowhere' }, /parent_id is no node/],
    [{ title: 'x', entity_ids: 'house' }, /entity_ids must be an array/],
    [{ title: 'x', metadata: [1] }, /metadata must be an object/],
    [{ title: 'x', language: 'klingon' }, /language must be one of/],
    [{ title: 'x', body: 'y'.repeat(32_001), chunk_body: false }, /chunk_body can be false/],
  ])('that are wrong are refused, with the reason (%#)', async (body, message) => {
    const answer = await post('/v1/kb/nodes', body);
    expect([answer.status, answer.json.error]).toEqual([400, expect.stringMatching(message)]);
  });

  test('of another workspace are no parents, and a source has one of an id', async () => {
    const { knowledgeNode } = await createApiObjects(api, api.otherWorkspace.id);
    const answer = await post('/v1/kb/nodes', { title: 'x', parent_id: knowledgeNode });
    expect(answer.status).toBe(400);
    await make({ title: 'One', source: 'crm', source_id: '7' });
    expect(
      (await post('/v1/kb/nodes', { title: 'Two', source: 'crm', source_id: '7' })).status,
    ).toBe(409);
  });
});

describe('files and pages', () => {
  const send = (method: string, path: string, bytes: string | Uint8Array) =>
    api.app.request(path, {
      method,
      headers: { Authorization: `Bearer ${api.tokens.write}` },
      body: bytes as string,
    });

  test('are read in the background, and again when they are replaced', async () => {
    const html =
      '<title>x</title><h1>Pool</h1><table><tr><th>Day<th>Opens<tr><td>Monday<td>nine</table>';
    const made = await send(
      'POST',
      '/v1/kb/files?name=pool-times.html&entity_ids=house-2,house-3',
      html,
    );
    const { data } = (await made.json()) as { data: { id: string } };
    expect([made.status, data]).toMatchObject([
      201,
      { title: 'pool-times', source_type: 'html', body: null, entity_ids: ['house-2', 'house-3'] },
    ]);
    await settled();
    expect(await get(data.id)).toMatchObject({
      ...{
        embed_status: 'ready',
        version: 1,
        file_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
      body: '# Pool\n\n| Day | Opens |\n| --- | --- |\n| Monday | nine |',
    });
    await send('PUT', `/v1/kb/nodes/${data.id}/file?name=pool.csv`, 'Day;Opens\nTuesday;ten\n');
    await settled();
    expect(await get(data.id)).toMatchObject({
      version: 2,
      indexed_version: 2,
      source_type: 'csv',
    });
    const found = (await post('/v1/kb/search', { query: 'pool Tuesday' })).json.data;
    expect(found[0]).toMatchObject({
      node_id: data.id,
      chunk_text: expect.stringContaining('ten'),
    });
  });

  test('that cannot be read say why, and keep what was found before', async () => {
    const made = await send('POST', '/v1/kb/files?name=a.md', 'Slippers are in the wardrobe.');
    const { data } = (await made.json()) as { data: { id: string } };
    await settled();
    await send('PUT', `/v1/kb/nodes/${data.id}/file?name=a.pdf`, '%PDF-1.7 nothing');
    await settled();
    expect(await get(data.id)).toMatchObject({
      embed_status: 'failed',
      embed_error: expect.stringMatching(/PDF is damaged/),
    });
    expect((await post('/v1/kb/search', { query: 'slippers' })).json.data).toHaveLength(1);
    expect((await send('POST', '/v1/kb/files?name=a.md', '')).status).toBe(400);
    expect((await send('POST', '/v1/kb/files', 'x')).status).toBe(400);
    const large = await send('POST', '/v1/kb/files?name=a.md', new Uint8Array(26_214_401));
    expect(large.status).toBe(413);
  });

  test('of the web come through the guard, redirects judged one by one', async () => {
    const site = createServer((request, response) => {
      if (request.url === '/moved') response.writeHead(302, { Location: '/page' }).end();
      else if (request.url === '/inside') {
        response.writeHead(302, { Location: 'http://evil.test/' }).end();
      } else {
        response.setHeader('Content-Type', 'text/html; charset=iso-8859-1');
        response.end(
          Buffer.from('<title>Küche</title><nav>Menu</nav><p>Der Herd ist aus Gußeisen.', 'latin1'),
        );
      }
    });
    site.listen(0, '127.0.0.1');
    await once(site, 'listening');
    const { port } = site.address() as AddressInfo;
    try {
      const at = async (path: string) =>
        (await post('/v1/kb/pages', { url: `http://api.test:${port}${path}` })).json.data;
      const page = await at('/moved');
      const bad = await at('/inside');
      await settled();
      expect(await get(page.id)).toMatchObject({
        ...{ title: 'Küche', body: 'Der Herd ist aus Gußeisen.', embed_status: 'ready' },
        ...{ url: `http://api.test:${port}/moved`, source: 'web', source_type: 'web_page' },
      });
      expect((await get(bad.id)).embed_error).toMatch(/leads to 10\.0\.0\.1/);
      const again = await post(`/v1/kb/nodes/${page.id}/refresh`, {});
      expect(again.json.data.embed_status).toBe('pending');
      await settled();
      expect(await get(page.id)).toMatchObject({ version: 1, embed_status: 'ready' });
    } finally {
      site.close();
      site.closeAllConnections();
    }
    for (const url of ['ftp://x.test/', 'http://u:p@x.test/', 'nonsense']) {
      expect((await post('/v1/kb/pages', { url })).json.error).toMatch(/url must/);
    }
  });
});

describe('settings', () => {
  test('choose language and model, and the status counts what is done', async () => {
    const path = '/v1/kb/settings';
    const bad = await api.request('PATCH', path, { body: { embedding_model: 'none/x' } });
    expect(bad.json.error).toMatch(/embedding_model cannot be used/);
    const worse = await api.request('PATCH', path, { body: { rerank_model: 'none/x' } });
    expect(worse.json.error).toMatch(/rerank_model cannot be used/);
    const body = {
      ...{ embedding_model: 'test/letters', language: 'english', rerank_model: 'test/shortest' },
    };
    expect((await api.request('PATCH', path, { body })).json.data).toEqual(body);
    await settled();
    const { data } = (await api.request('GET', '/v1/kb/status')).json;
    expect(data).toMatchObject({ nodes: { pending: 0, processing: 0, embedding: 0 } });
    // What failed keeps the chunk that it had, as it was.
    expect(data.vectors).toBe(data.chunks - 1);
    expect(data).toMatchObject({ finds_misspelled: true, vector_search: 'memory' });
  });
});
