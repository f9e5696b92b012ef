import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

function explain(body: object) {
  return api.request('POST', '/v1/triggers/cron/explain', { body, token: api.tokens.read });
}

test('an expression is explained in words with its next five ticks', async () => {
  const answer = await explain({ expression: '0 0 9 * * MON', timezone: 'Europe/Berlin' });
  expect(answer.status).toBe(200);
  expect(answer.json.data).toMatchObject({
    expression: '0 0 9 * * MON',
    timezone: 'Europe/Berlin',
    explanation: 'At 09:00, only on Monday (Europe/Berlin)',
  });
  const ticks: string[] = answer.json.data.next_ticks;
  expect(ticks).toHaveLength(5);
  for (const tick of ticks) {
    expect(Date.parse(tick)).toBeGreaterThan(Date.now());
    const wall = new Date(tick).toLocaleString('en', {
      timeZone: 'Europe/Berlin',
      weekday: 'long',
      hour: 'numeric',
    });
    expect(wall).toMatch(/Monday.*9/);
  }
});

test.each([
  [{ expression: '0 9 * *' }, 'expression', /five fields/],
  [
    { expression: '0 0 31 2 *' },
    'expression',
    /never fires: .*day 31 of the month, only in February/,
  ],
  [{ expression: '0 25 * * *' }, 'expression', /is no cron expression/],
  [{ expression: '0 9 * * *', timezone: 'Berlin' }, 'timezone', /IANA time zone/],
  [{ timezone: 'UTC' }, 'expression', /is required/],
])('%j is refused with what is wrong with %s', async (body, field, problem) => {
  const answer = await explain(body);
  expect(answer.status).toBe(400);
  expect(answer.json.error).toMatch(field);
  expect(answer.json.error).toMatch(problem);
});

test('a cron trigger is shown with its explanation, and saved again as it was shown', async () => {
  const made = await api.request('POST', '/v1/agents', {
    body: {
      workspace_id: api.workspace.id,
      name: 'A',
      description: 'd',
      instructions: 'i',
      triggers: [
        { name: 'Daily', type: 'cron', config: { expression: '0 9 * * *' } },
        { name: 'Hook', type: 'webhook', config: {} },
      ],
    },
  });
  const { id, triggers, agent_version } = made.json.data;
  expect(triggers[0]).toMatchObject({
    explanation: 'At 09:00 (UTC)',
    next_ticks: Array.from({ length: 5 }, () => expect.stringMatching(/T09:00:00\.000Z$/)),
  });
  expect(triggers[1]).toMatchObject({ explanation: null, next_ticks: null });
  const saved = await api.request('PATCH', `/v1/agents/${id}`, { body: { triggers } });
  expect(saved.status, saved.text).toBe(200);
  expect(saved.json.data.agent_version).toBe(agent_version);
});
