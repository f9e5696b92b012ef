import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAgentDeps } from '../../test/support/agent-deps.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import type { Agent } from '../core/agent.ts';
import { getAgent } from '../store/agents.ts';
import { readStoredTriggers } from '../store/triggers.ts';
import { createWorkspace } from '../store/workspaces.ts';
import type { AgentDeps } from './agent-deps.ts';
import type { AgentPatch } from './agent-input.ts';
import { rollbackAgent } from './rollback-agent.ts';
import { createAgent, patchAgent } from './save-agent.ts';

type TriggersGiven = NonNullable<AgentPatch['triggers']>;

let database: TestDatabase;
let deps: AgentDeps;
let workspaceId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  deps = createAgentDeps(database.db);
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  workspaceId = (await createWorkspace(database.db, { name: 'W', rateLimit: null })).id;
});

function create(triggers: unknown[]): Promise<Agent> {
  return createAgent(deps, 'all', {
    workspace_id: workspaceId,
    name: 'A',
    description: 'd',
    instructions: 'i',
    triggers: triggers as TriggersGiven,
  });
}

function setTriggers(agent: Agent, triggers: unknown[]): Promise<Agent> {
  return patchAgent(deps, 'all', agent.id, { triggers: triggers as TriggersGiven });
}

const cron = { name: 'Daily', type: 'cron', config: { expression: '0 9 * * MON-FRI' } };
const hook = { name: 'Hook', type: 'webhook' };
const hmac = { ...hook, config: { verify: 'hmac', secret: 'a long secret' } };

describe('triggers', () => {
  test('get their defaults by type', async () => {
    const { triggers } = await create([
      cron,
      hook,
      { name: 'E', type: 'event', config: { event: 'reservation.created' }, enabled: false },
      {
        name: 'M',
        type: 'message',
        config: { inboxTypeId: 'guest', channels: ['unthreaded_email'] },
      },
    ]);
    expect(triggers.map(({ type, config, enabled }) => ({ type, config, enabled }))).toEqual([
      {
        type: 'cron',
        config: {
          expression: '0 9 * * MON-FRI',
          timezone: 'UTC',
          catch_up: 'latest',
          overlap: 'allow',
          jitter_ms: 0,
        },
        enabled: true,
      },
      {
        type: 'webhook',
        config: {
          verify: 'none',
          dedupe: null,
          respond: 'accepted',
          url: expect.stringMatching(/^\/hooks\/[0-9a-z]{32}$/),
        },
        enabled: true,
      },
      { type: 'event', config: { event: 'reservation.created', filter: [] }, enabled: false },
      {
        type: 'message',
        config: { scopeType: 'inbox', inboxTypeId: 'guest', channels: ['unthreaded_email'] },
        enabled: true,
      },
    ]);
  });

  const filtered = (filter: unknown) => ({
    name: 'E',
    type: 'event',
    config: { event: 'e', filter },
  });
  const scheduled = (config: object) => ({ ...cron, config: { ...cron.config, ...config } });
  test.each<[unknown, string, RegExp]>([
    [{ type: 'cron' }, 'name', /required/],
    [{ name: 'x' }, 'type', /required/],
    [{ name: 'x', type: 'email' }, 'type', /one of/],
    [{ ...hook, config: [] }, 'config', /object/],
    [{ ...hook, id: 'tr1' }, 'id', /names no trigger of this agent \(tr1\)/],
    [{ ...cron, config: {} }, 'config.expression', /required/],
    [scheduled({ expression: '61 * * * *' }), 'config.expression', /minute: 61/],
    [scheduled({ expression: '* * *' }), 'config.expression', /five fields.*has 3/],
    [scheduled({ expression: '@daily' }), 'config.expression', /five fields.*has 1/],
    [scheduled({ expression: '0 0 30 2 *' }), 'config.expression', /never fires/],
    [scheduled({ timezone: 'Nowhere' }), 'config.timezone', /IANA/],
    [scheduled({ tz: 'UTC' }), 'config', /unknown fields: tz/],
    [scheduled({ overlap: 'queued' }), 'config.overlap', /one of/],
    [{ ...hook, config: { verify: 'hmac' } }, 'config.secret', /required to verify by hmac/],
    [{ ...hook, config: { secret: 'long enough' } }, 'config.secret', /does nothing/],
    [{ ...hook, config: { url: '/hooks/mine' } }, 'config.url', /made by the server/],
    [{ ...hook, config: { key: 'mine' } }, 'config', /unknown fields: key/],
    [{ ...hook, config: { dedupe: { pointer: 'id' } } }, 'config.dedupe.pointer', /JSON pointer/],
    [filtered([{ field: 'a..b', op: 'eq', value: 1 }]), 'config.filter[0].field', /path/],
    [filtered([{ field: 'a', op: 'like', value: 1 }]), 'config.filter[0].op', /one of/],
    [
      filtered([{ field: 'a', op: 'in', value: [] }]),
      'config.filter[0].value',
      /must not be empty/,
    ],
    [filtered([{ field: 'a', op: 'gt', value: true }]), 'config.filter[0].value', /number/],
    [
      { name: 'M', type: 'message', config: { inboxTypeId: 'vip' } },
      'config.inboxTypeId',
      /"vip".*guest/,
    ],
    [{ name: 'M', type: 'message', config: { channels: ['fax'] } }, 'config.channels[0]', /one of/],
  ])('refuses %j', async (trigger, field, problem) => {
    await expect(create([trigger])).rejects.toMatchObject({
      problem: 'validation_error',
      details: { [`triggers[0].${field}`]: expect.stringMatching(problem) },
    });
  });

  test('are replaced, but one given with its id keeps id, age and what is left out', async () => {
    const before = await create([cron, hook]);
    const [daily, webhook] = before.triggers;
    const after = await setTriggers(before, [{ id: webhook?.id, name: 'Renamed' }, hook]);
    expect(after.version).toBe(2);
    expect(after.triggers.map((trigger) => trigger.name)).toEqual(['Renamed', 'Hook']);
    expect(after.triggers[0]).toMatchObject({
      id: webhook?.id,
      createdAt: webhook?.createdAt,
      config: webhook?.config,
    });
    expect(after.triggers[1]?.config.url).not.toBe(webhook?.config.url);
    await expect(setTriggers(after, [{ id: daily?.id }])).rejects.toMatchObject({
      details: { 'triggers[0].id': expect.stringMatching(daily?.id ?? '') },
    });
    const twice = setTriggers(after, [{ id: webhook?.id }, { id: webhook?.id }]);
    await expect(twice).rejects.toMatchObject({ problem: 'validation_error' });
    const retyped = setTriggers(after, [{ id: webhook?.id, type: 'event' }]);
    await expect(retyped).rejects.toMatchObject({
      details: { 'triggers[0].type': expect.stringMatching(/cannot change/) },
    });
  });

  test('of another agent are unknown', async () => {
    const [one, other] = [await create([hook]), await create([hook])];
    await expect(setTriggers(one, [{ id: other.triggers[0]?.id }])).rejects.toMatchObject({
      problem: 'validation_error',
    });
    expect(await getAgent(deps.db, 'all', other.id)).toEqual(other);
  });

  test('sent back as they were shown are the same', async () => {
    const agent = await create([cron, hmac, { name: 'M', type: 'message', config: {} }]);
    expect(await setTriggers(agent, [...agent.triggers])).toEqual(agent);
    const reordered = await setTriggers(agent, [...agent.triggers].reverse());
    expect(reordered.version).toBe(2);
    expect(reordered.triggers).toEqual([...agent.triggers].reverse());
  });
});

describe('secrets of webhooks', () => {
  test('are sealed, never shown, and kept when not given again', async () => {
    const agent = await create([hmac]);
    const shown = JSON.stringify([agent, await getAgent(deps.db, 'all', agent.id)]);
    expect(shown).not.toMatch(/secret|v1\./);
    const rows = await deps.db.query<{ text: string }>(
      'SELECT config AS text FROM triggers UNION ALL SELECT triggers FROM agent_versions',
    );
    expect(rows.some((row) => row.text.includes('a long secret'))).toBe(false);

    const [trigger] = agent.triggers;
    const next = { id: trigger?.id, config: { verify: 'hmac', respond: 'result' } };
    const patched = await setTriggers(agent, [next]);
    expect(patched.triggers[0]?.config).toEqual({ ...trigger?.config, respond: 'result' });
    expect(await secretOf(agent)).toBe('a long secret');
  });

  test('make a version when they change, and go with the way of verifying', async () => {
    const agent = await create([hmac]);
    const id = agent.triggers[0]?.id;
    const same = await setTriggers(agent, [{ id, config: hmac.config }]);
    expect(same.version).toBe(1);
    const config = { verify: 'hmac', secret: 'another secret' };
    expect((await setTriggers(agent, [{ id, config }])).version).toBe(2);
    expect(await secretOf(agent)).toBe('another secret');
    const github = setTriggers(agent, [{ id, config: { verify: 'github' } }]);
    await expect(github).rejects.toMatchObject({
      details: { 'triggers[0].config.secret': expect.stringMatching(/github/) },
    });
    await setTriggers(agent, [{ id, config: { verify: 'none' } }]);
    expect(await secretOf(agent)).toBeNull();
  });

  async function secretOf(agent: Agent): Promise<string | null> {
    const [trigger] = await readStoredTriggers(deps.db, agent.id);
    return trigger?.sealedSecret == null ? null : deps.secretBox.open(trigger.sealedSecret);
  }

  test('stay as they are now when the agent is rolled back', async () => {
    const agent = await create([hmac]);
    const id = agent.triggers[0]?.id;
    await setTriggers(agent, [
      { id, name: 'New', config: { verify: 'hmac', secret: 'rotated secret' } },
    ]);
    const back = await rollbackAgent(deps, 'all', agent.id, 1);
    expect(back).toMatchObject({ version: 3, triggers: [{ id, name: 'Hook' }] });
    expect(await secretOf(agent)).toBe('rotated secret');
    await setTriggers(agent, [{ id, config: { verify: 'none' } }]);
    await expect(rollbackAgent(deps, 'all', agent.id, 1)).rejects.toMatchObject({
      details: { 'triggers[0].config.secret': expect.stringMatching(/again/) },
    });
  });
});

describe('rollbackAgent', () => {
  test('saves the earlier state as a new version, removed triggers included', async () => {
    const first = await create([cron, hook]);
    await patchAgent(deps, 'all', first.id, { instructions: 'Other', triggers: [] });
    const back = await rollbackAgent(deps, 'all', String(first.number), 1);
    expect(back).toMatchObject({ version: 3, definition: first.definition });
    const stable = (agent: Agent) => agent.triggers.map(({ updatedAt: _, ...rest }) => rest);
    expect(stable(back)).toEqual(stable(first));
    expect(await getAgent(deps.db, 'all', first.id)).toEqual(back);
  });

  test('to what is there already changes nothing', async () => {
    const agent = await create([cron, hmac]);
    expect(await rollbackAgent(deps, 'all', agent.id, 1)).toEqual(agent);
  });

  test('finds no version that never was, and no agent elsewhere', async () => {
    const agent = await create([]);
    for (const version of [0, 2, 1.5, Number.NaN, 2 ** 40]) {
      await expect(rollbackAgent(deps, 'all', agent.id, version)).rejects.toMatchObject({
        problem: 'not_found',
      });
    }
    await expect(rollbackAgent(deps, [], agent.id, 1)).rejects.toMatchObject({
      problem: 'not_found',
    });
  });
});
