import { expect, test } from 'vitest';
import { cliAgainst as cli } from '../../test/support/run-cli.ts';

const page = (...data: unknown[]) => ({ data, next_cursor: null, has_more: false });
const model = {
  id: 'md1',
  name: 'fast',
  provider: 'openai',
  model: 'gpt-5-mini',
  secret: 'OPENAI_KEY',
  limits: { requests_per_minute: 60, tokens_per_minute: null, max_concurrent: 4 },
  fallbacks: ['spare'],
};

test('models are listed, added with what they need, and tested', async () => {
  const list = await cli({ 'GET /v1/models': page(model) }, ['models', 'list']);
  expect(list.stdout).toMatch(/fast +openai\/gpt-5-mini +OPENAI_KEY +60\/min, 4 at once +spare/);
  const add = await cli({ 'POST /v1/models': { data: model } }, [
    ...['models', 'add', 'fast', 'openai/gpt-5-mini', '--secret', 'OPENAI_KEY'],
    ...['--requests-per-minute', '60', '--setting', 'temperature=0', 'api=chat'],
  ]);
  expect([add.code, add.stdout]).toEqual([0, 'added fast md1\n']);
  expect(JSON.parse(add.seen[0]?.body ?? '')).toMatchObject({
    provider: 'openai',
    model: 'gpt-5-mini',
    settings: { temperature: 0, api: 'chat' },
    limits: { requests_per_minute: 60 },
  });
  const error = { kind: 'unauthorized', message: 'Check the key.' };
  const failed = { ok: false, duration_ms: 5, text: null, cost_usd: null, error };
  const test = await cli({ 'POST /v1/models/fast/test': { data: failed } }, [
    'models',
    'test',
    'fast',
  ]);
  expect([test.code, test.stderr]).toEqual([1, 'unauthorized: Check the key.\n']);
});

test('prices are shown with where they are from, and set', async () => {
  const inForce = {
    known: true,
    from: 'list',
    source: 'a list',
    date: '2026-01-01',
    usd_per_million_tokens: { input_mtok: 1.25 },
  };
  const show = await cli({ 'GET /v1/prices/in-force?model=openai%2Fgpt-5': { data: inForce } }, [
    ...['prices', 'show', 'openai/gpt-5'],
  ]);
  expect(show.stdout).toContain('openai/gpt-5: USD per million tokens, by the list (a list');
  const set = await cli({ 'POST /v1/prices': { data: { id: 'mp1' } } }, [
    ...['prices', 'set', 'openai/gpt-5', '--input', '1', '--output', '2.5'],
  ]);
  expect([set.code, set.stdout]).toEqual([0, 'set mp1\n']);
  expect(JSON.parse(set.seen[0]?.body ?? '')).toEqual({
    model: 'openai/gpt-5',
    input: 1,
    output: 2.5,
  });
});

test('alerts are listed with what is so, and added', async () => {
  const alert = {
    id: 'al1',
    name: 'Failures',
    kind: 'failure_rate',
    enabled: true,
    state: 'firing',
    since: '2026-04-03T03:14:15.926Z',
    summary: '3 of 4 runs failed.',
    run_id: 'run_1',
  };
  const list = await cli({ 'GET /v1/alerts': page(alert) }, ['alerts', 'list']);
  expect(list.stdout).toMatch(/al1 +firing since .* +failure_rate +Failures/);
  expect(list.stderr).toContain('Failures: 3 of 4 runs failed. run_1');
  const add = await cli({ 'POST /v1/alerts': { data: alert } }, [
    ...['alerts', 'add', 'failure_rate', '--set', 'window_minutes=15', 'max_share=0.5'],
    ...['--email', 'ops@example.com'],
  ]);
  expect([add.code, add.stdout]).toEqual([0, 'added al1\n']);
  expect(JSON.parse(add.seen[0]?.body ?? '')).toMatchObject({
    settings: { window_minutes: 15, max_share: 0.5 },
    notify: { emails: ['ops@example.com'], slack_secret: null },
  });
});
