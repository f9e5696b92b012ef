import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { createApiObjects } from '../../../test/support/api-objects.ts';
import { addArtifact } from '../../../test/support/artifacts.ts';
import { linkToArtifact } from '../../runs/artifacts.ts';

let api: TestApi;
let run: string;
let artifact: string;
let path: string;
let neoPath: string;
beforeAll(async () => {
  api = await createTestApi();
  const objects = await createApiObjects(api, api.workspace.id);
  ({ run } = objects);
  artifact = await addArtifact(api.deps.db, run);
  path = `/v1/agents/${objects.agent}/runs/${run}/artifacts`;
  neoPath = `/public-api/executions/${run}/artifacts`;
});
afterAll(() => api[Symbol.asyncDispose]());

const bytes = Buffer.from('# Done');
const sha256 = createHash('sha256').update(bytes).digest('hex');
const withoutToken = (url: string) => api.app.request(url.replace(/^https?:\/\/[^/]+/, ''));

test('a run’s files are listed, and each is downloaded by a link without a token', async () => {
  const { status, json } = await api.request('GET', path);
  expect(status).toBe(200);
  expect(json.data).toEqual([
    {
      ...{ id: artifact, name: 'note.md', media_type: 'text/markdown', size_bytes: 6, sha256 },
      ...{ step_id: `${run}:1`, tool: 'report', available: true },
      created_at: expect.any(String),
      download_url: expect.stringContaining(`/artifacts/${artifact}?run=${run}&expires=`),
      download_url_expires_at: expect.any(String),
    },
  ]);
  const response = await withoutToken(json.data[0].download_url);
  expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
  expect(response.headers.get('content-type')).toBe('application/octet-stream');
  expect(response.headers.get('content-disposition')).toBe(`attachment; filename*=UTF-8''note.md`);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  const own = await api.request('GET', `${path}/${artifact}/content`);
  expect([own.status, own.text]).toEqual([200, '# Done']);
});

test('in Neo’s dialect a note of markdown is inline where it is asked for', async () => {
  const list = await api.request('GET', neoPath);
  expect(list.json.data).toMatchObject([
    { artifact_id: artifact, type: 'markdown', content: null, tool_type_name: 'report' },
  ]);
  const one = await api.request('GET', `${neoPath}/${artifact}`);
  expect(one.json.data).toMatchObject({ content: '# Done', mime: 'text/markdown', size_bytes: 6 });
  expect((await withoutToken(one.json.data.download_url)).status).toBe(200);
});

test('the steps of both dialects name it', async () => {
  const shown = [{ id: artifact, name: 'note.md', media_type: 'text/markdown', size_bytes: 6 }];
  const steps = await api.request('GET', path.replace(/artifacts$/, 'steps'));
  expect(steps.json.data[0].artifacts).toEqual(shown);
  const neo = await api.request('GET', neoPath.replace(/artifacts$/, 'steps'));
  expect(neo.json.data.at(-1).data.artifacts).toEqual(shown);
});

test('a link that is changed, over, or of something else opens nothing', async () => {
  const { json } = await api.request('GET', `${path}/${artifact}`);
  const good = new URL(json.data.download_url);
  const changed = (change: (url: URL) => void) => {
    const url = new URL(good);
    change(url);
    return url.href;
  };
  const later = String(Number(good.searchParams.get('expires')) + 1);
  const old = linkToArtifact(api.deps, { runId: run, id: artifact, nowMs: Date.now() - 901_000 });
  const links = [
    changed((url) => url.searchParams.set('expires', later)),
    changed((url) => url.searchParams.delete('signature')),
    changed((url) => url.searchParams.set('run', `ar${'0'.repeat(30)}`)),
    changed((url) => {
      url.pathname = `/artifacts/af${'0'.repeat(30)}`;
    }),
    `/artifacts/${artifact}?run=${run}&expires=${old.expires}&signature=${old.signature}`,
  ];
  for (const link of links) expect((await withoutToken(link)).status, link).toBe(403);
  const strange = await withoutToken(`/artifacts/${artifact}?expires=soon`);
  expect([strange.status, await strange.text()]).toEqual([400, expect.stringContaining('expires')]);
});

test('an unknown file is 404, and one whose bytes retention removed says so', async () => {
  const unknown = `${path}/af${'0'.repeat(30)}`;
  for (const url of [unknown, `${unknown}/content`, unknown.replace(path, neoPath)]) {
    expect((await api.request('GET', url)).status, url).toBe(404);
  }
  const { download_url: link } = (await api.request('GET', `${path}/${artifact}`)).json.data;
  const asOutput = path.replace(/artifacts$/, `outputs/${artifact}`);
  expect((await api.request('GET', asOutput)).status).toBe(404);
  await api.deps.db.execute({ text: 'DELETE FROM spills WHERE run_id = $1', values: [run] });
  const [gone] = (await api.request('GET', path)).json.data;
  expect(gone).toMatchObject({ available: false, download_url: null });
  expect((await withoutToken(link)).status).toBe(404);
  const content = await api.request('GET', `${path}/${artifact}/content`);
  expect([content.status, content.json.error]).toEqual([404, expect.stringContaining('not kept')]);
});
