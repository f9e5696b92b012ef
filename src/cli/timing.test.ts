import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { runCli } from '../../test/support/run-cli.ts';
import { createTinyServer, sendJson } from '../../test/support/tiny-server.ts';

const agentId = `ag${'0'.repeat(30)}`;

/** Runs the CLI against a server with these routes. */
async function cli(
  routes: Readonly<Record<string, (response: ServerResponse) => void>>,
  args: readonly string[],
) {
  await using server = await createTinyServer((request, response) => {
    const route = routes[`${request.method} ${request.path}`];
    if (route !== undefined) return route(response);
    sendJson(response, { error: `no route ${request.method} ${request.path}` }, { status: 404 });
  });
  const env = { SIGNALBOX_URL: server.url, SIGNALBOX_TOKEN: 'capi_test' };
  return { ...(await runCli(args, { env })), seen: server.seen };
}

const answer =
  (body: unknown, options?: Parameters<typeof sendJson>[2]) => (response: ServerResponse) =>
    sendJson(response, body, options);

describe('signalbox triggers cron', () => {
  const explained = {
    data: { explanation: 'At 09:00 (UTC)', next_ticks: ['2026-04-03T09:00:00.000Z'] },
  };
  const route = { 'POST /v1/triggers/cron/explain': answer(explained) };

  test('prints the expression in words and its ticks', async () => {
    const result = await cli(route, ['triggers', 'cron', '0 9 * * *', '--timezone', 'UTC']);
    expect(result.code).toBe(0);
    expect(result.stdout).toMatch(/^At 09:00 \(UTC\)\n {2}2026-04-03T09:00:00\.000Z {2}.* here\n$/);
    expect(result.seen[0]?.body).toBe('{"expression":"0 9 * * *","timezone":"UTC"}');
  });
});

describe('signalbox schedules', () => {
  const row = {
    id: 'sc1',
    agent_id: agentId,
    status: 'scheduled',
    scheduled_for: '2026-04-03T07:00:00.000Z',
    reason: null,
    run_id: null,
  };

  test('creates a run for later, with the payload as it was written', async () => {
    const result = await cli({ 'POST /v1/schedules': answer({ data: row }, { status: 201 }) }, [
      ...['schedules', 'create', agentId, '--at', '2026-04-03T09:00:00+02:00'],
      ...['--payload', '{"id": 12345678901234567890}', '--entity', 't1'],
    ]);
    expect(result.code, result.stderr).toBe(0);
    expect(result.stdout).toMatch(/^scheduled sc1 2026-04-03T07:00:00\.000Z\n/);
    expect(result.seen[0]?.body).toBe(
      `{"agent_id": "${agentId}", "scheduled_for": "2026-04-03T07:00:00.000Z", "payload": {"id": 12345678901234567890}, "entity_id": "t1"}`,
    );
  });

  test('edits only what is given, cancels, and lists', async () => {
    const edited = await cli({ 'PATCH /v1/schedules/sc1': answer({ data: row }) }, [
      ...['schedules', 'edit', 'sc1', '--instructions', 'Be short.'],
    ]);
    expect(edited.seen[0]?.body).toBe('{"additional_instructions": "Be short."}');
    const cancelled = { data: { ...row, status: 'cancelled' } };
    const cancel = await cli({ 'POST /v1/schedules/sc1/cancel': answer(cancelled) }, [
      ...['schedules', 'cancel', 'sc1'],
    ]);
    expect(cancel.stdout).toMatch(/^cancelled sc1 /);
    const page = { data: [row], next_cursor: null, has_more: false };
    const list = await cli({ 'GET /v1/schedules?status=scheduled': answer(page) }, [
      ...['schedules', 'list', '--status', 'scheduled'],
    ]);
    expect(list.stdout).toMatch(/ID +STATUS +FOR +AGENT +OUTCOME\nsc1 +scheduled/);
  });

  test('says what is wrong with a time, and what the server refuses', async () => {
    const wrong = await cli({}, ['schedules', 'create', agentId, '--at', 'tomorrow']);
    expect([wrong.code === 0, wrong.stderr]).toEqual([
      false,
      expect.stringContaining('--at "tomorrow" is no time.'),
    ]);
    const late = { error: 'The scheduled run is started, and cannot be cancelled any more.' };
    const refused = await cli({ 'POST /v1/schedules/sc1/cancel': answer(late, { status: 409 }) }, [
      ...['schedules', 'cancel', 'sc1'],
    ]);
    expect([refused.code === 0, refused.stderr]).toEqual([
      false,
      expect.stringContaining(late.error),
    ]);
  });
});
