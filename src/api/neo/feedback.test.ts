import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { createApiObjects } from '../../../test/support/api-objects.ts';
import { linkForFeedback } from '../../runs/feedback.ts';

let api: TestApi;
let run: string;
let runPath: string;
let executionPath: string;
beforeAll(async () => {
  api = await createTestApi();
  const objects = await createApiObjects(api, api.workspace.id);
  run = objects.run;
  runPath = `/v1/agents/${objects.agent}/runs/${run}`;
  executionPath = `/public-api/executions/${run}`;
});
afterAll(() => api[Symbol.asyncDispose]());

async function newLink(body: object = {}): Promise<string> {
  const made = await api.request('POST', `${executionPath}/feedback-links`, { body });
  expect(made.status).toBe(201);
  return made.json.data.url.replace(/^https?:\/\/[^/]+/, '');
}

const sendForm = (link: string, fields: Record<string, string>) =>
  api.app.request(link, { method: 'POST', body: new URLSearchParams(fields) });
const sendJson = (link: string, body: unknown) =>
  api.app.request(link, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
const kept = async () => (await api.request('GET', `${executionPath}/feedback`)).json.data;

test('a page asks without changing anything, its form is kept, and the same link changes it', async () => {
  const link = await newLink({ name: 'Ada <ada@example.com>', expires_in_days: 1 });
  const page = await api.app.request(link);
  expect([page.status, page.headers.get('content-type')]).toEqual([
    200,
    'text/html; charset=utf-8',
  ]);
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; form-action/);
  expect(await page.text()).toMatch(/Reservations did for you.*<textarea/s);
  expect(await kept()).toEqual([]);

  const comment = '</textarea><script>alert(1)</script>\r\n"It" was quick.';
  const thanks = await sendForm(link, { rating: 'good', comment });
  expect([thanks.status, await thanks.text()]).toEqual([200, expect.stringContaining('Thank you')]);
  const said = { given_by: 'Ada <ada@example.com>', comment: comment.replace('\r', '') };
  expect(await kept()).toMatchObject([{ ...said, rating: 'good' }]);
  const again = await (await api.app.request(link)).text();
  expect(again).toContain('value="good" required checked');
  expect(again).not.toContain('<script>');

  expect((await sendForm(link, { rating: 'bad', comment: ' ' })).status).toBe(200);
  const shown = [{ ...said, comment: null, rating: 'bad' }];
  expect(await kept()).toMatchObject(shown);
  expect((await api.request('GET', executionPath)).json.data.feedback).toMatchObject(shown);
  expect((await api.request('GET', runPath)).json.data.feedback).toMatchObject(shown);
  expect((await api.request('GET', `${runPath}/feedback`)).json.data).toMatchObject(shown);
});

test('JSON is answered with JSON, and another person’s link is another’s word', async () => {
  const link = await newLink();
  const answer = await sendJson(link, { rating: 'good' });
  expect(await answer.json()).toMatchObject({ data: { rating: 'good', given_by: null } });
  expect(await kept()).toHaveLength(2);
  const untyped = await api.app.request(link, { method: 'POST' });
  expect([untyped.status, untyped.headers.get('content-type')]).toEqual([
    400,
    'application/json; charset=utf-8',
  ]);
});

test('what is no rating is refused with its field, to people as a page', async () => {
  const link = await newLink();
  const problems = await sendJson(link, { rating: 'fine', comment: 7 });
  const { error } = (await problems.json()) as { error: { code: string; details: object } };
  expect([problems.status, error.code]).toEqual([422, 'validation_error']);
  expect(Object.keys(error.details)).toEqual(['rating', 'comment']);
  const page = await sendForm(link, { comment: 'x'.repeat(4_001), rating: 'bad' });
  expect([page.status, await page.text()]).toEqual([422, expect.stringContaining('4000 char')]);
  expect((await sendForm(link, { rating: 'good', comment: 'x'.repeat(60_000) })).status).toBe(413);
});

test('a link that is changed, over, or of a file is refused; one of a run that is gone says so', async () => {
  const good = await newLink({ name: 'Ada' });
  const nowMs = Date.now();
  const linkOf = (of: { readonly runId: string; readonly nowMs: number }) => {
    const { runId, expires, signature } = linkForFeedback(api.deps, { ...of, name: '', days: 1 });
    return `/public-api/feedback/${runId}?expires=${expires}&signature=${signature}`;
  };
  const refused = [
    good.replace('name=Ada', 'name=Bob'),
    good.replace(/expires=\d/, 'expires=9'),
    good.replace(/signature=.*/, ''),
    linkOf({ runId: run, nowMs: nowMs - 86_402_000 }),
  ];
  for (const link of refused) {
    const page = await api.app.request(link);
    expect([page.status, await page.text()], link).toEqual([403, expect.stringContaining('<p>')]);
    expect((await sendForm(link, { rating: 'bad' })).status, link).toBe(403);
  }
  const gone = linkOf({ runId: `ar${'0'.repeat(30)}`, nowMs });
  expect((await api.app.request(gone)).status).toBe(404);
  expect((await sendJson(gone, { rating: 'bad' })).status).toBe(404);
});

test('a link takes so much and no more in an hour', async () => {
  const link = await newLink({ name: 'Eve' });
  const statuses = [];
  for (let n = 0; n < 21; n++) statuses.push((await sendJson(link, { rating: 'bad' })).status);
  expect([statuses.slice(0, 20).every((status) => status === 200), statuses[20]]).toEqual([
    true,
    429,
  ]);
});

test('a link’s maker is told what is wrong with it', async () => {
  for (const body of [{ expires_in_days: 91 }, { name: 'a\nb' }, { name: 'x'.repeat(201) }]) {
    const answer = await api.request('POST', `${runPath}/feedback-links`, { body });
    expect([answer.status, answer.json.error]).toEqual([
      400,
      expect.stringContaining(Object.keys(body)[0] ?? ''),
    ]);
  }
});
