import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestApi } from '../../../test/support/api.ts';
import { scheduleBench, scheduledAt } from '../../../test/support/schedules.ts';

const api = await createTestApi();
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(() => api.deps.db.execute('DELETE FROM scheduled_runs'));

const { addAgent, schedule, runAt } = scheduleBench(api);

describe('Neo’s scheduled work', () => {
  test('has numbers, and states that follow the execution', async () => {
    const agent = await addAgent({ name: 'Nightly' });
    const shown = await api.request('GET', `/public-api/agents/${agent}`);
    const workflow_id = Number(shown.json.data.id);
    const made = await api.request('POST', '/public-api/scheduled-work', {
      body: {
        scheduled_for: scheduledAt,
        workflow_id,
        ticket_id: 'T-7',
        additional_custom_instructions: '',
      },
    });
    expect(made.status, made.text).toBe(201);
    const { id } = made.json.data;
    expect(made.json.data).toMatchObject({
      id: expect.any(Number),
      status: 'PENDING',
      workflow_id,
      workflow_name: 'Nightly',
      ticket_id: 'T-7',
      executed_at: null,
      execution_temporal_run_id: null,
      created_by: 'test',
    });
    await runAt(scheduledAt);
    const path = `/public-api/scheduled-work/${id}`;
    const running = (await api.request('GET', path)).json.data;
    expect(running).toMatchObject({ status: 'PROCESSING', executed_at: expect.any(String) });
    for (const [status, state] of [
      ['completed', 'COMPLETED'],
      ['failed', 'FAILED'],
    ] as const) {
      await api.deps.db.execute({
        text: `UPDATE runs SET status = $2, completed_at = clock_timestamp(), wake_at = NULL WHERE run_id = $1`,
        values: [running.execution_temporal_run_id, status],
      });
      expect((await api.request('GET', path)).json.data.status).toBe(state);
      const list = await api.request('GET', `/public-api/scheduled-work?status=${state}`);
      expect(list.json.data.map((row: { id: number }) => row.id)).toEqual([id]);
    }
  });

  test('is listed by page number, ticket and search', async () => {
    const agent_id = await addAgent({ name: 'Weekly 100%' });
    for (let n = 0; n < 3; n++) await schedule({ agent_id, entity_id: `T-${n}` });
    await schedule({ entity_id: 'other' });
    const list = async (query: string) =>
      (await api.request('GET', `/public-api/scheduled-work?${query}`)).json;
    const first = await list('search=weekly%20100%25&page_size=2');
    expect(first.data).toHaveLength(2);
    expect(first.meta.pagination).toEqual({ next_cursor: '2', has_more: true });
    const second = await list('search=weekly%20100%25&page_size=2&page=2');
    expect(second.data).toHaveLength(1);
    expect(second.meta.pagination).toEqual({ next_cursor: null, has_more: false });
    expect((await list('ticket_id=T-1')).data).toHaveLength(1);
    expect((await list('search=100_')).data).toHaveLength(0);
    const wrong = await api.request('GET', '/public-api/scheduled-work?status=DONE');
    expect(wrong.status).toBe(422);
  });
});
