import { expect } from 'vitest';
import { dueSchedules, type ScheduleDeps } from '../../src/triggers/due-schedules.ts';
import type { TestApi } from './api.ts';

/** When a scheduled run is due that is given no other time. */
export const scheduledAt = '2035-04-03T09:00:00.000Z';

/** Scheduled runs of an API, and what does them when they are due. */
export function scheduleBench(api: TestApi) {
  async function addAgent(fields: object = {}): Promise<string> {
    const made = await api.request('POST', '/v1/agents', {
      body: {
        workspace_id: api.workspace.id,
        name: 'A',
        description: 'd',
        instructions: 'i',
        ...fields,
      },
    });
    expect(made.status, made.text).toBe(201);
    return made.json.data.id;
  }

  async function schedule(fields: object = {}) {
    const body = { agent_id: await addAgent(), scheduled_for: scheduledAt, ...fields };
    const made = await api.request('POST', '/v1/schedules', { body });
    expect(made.status, made.text).toBe(201);
    return made.json.data;
  }

  const read = async (id: string) => (await api.request('GET', `/v1/schedules/${id}`)).json.data;

  /** Does everything that is due at the time; the ms until more is. */
  async function runAt(time: string, change: Partial<ScheduleDeps> = {}): Promise<number> {
    const work = dueSchedules({ ...api.deps, now: async () => new Date(time), ...change });
    for (;;) {
      const waitMs = await work.run();
      if (waitMs > 0) return waitMs;
    }
  }

  return { addAgent, schedule, read, runAt };
}
