import { describe, expect, test } from 'vitest';
import { runCli } from '../../../test/support/run-cli.ts';
import { createTinyServer, sendJson } from '../../../test/support/tiny-server.ts';

/** Runs the CLI against a server that answers one route. */
async function cli(route: string, body: unknown, args: readonly string[]) {
  await using server = await createTinyServer((request, response) => {
    const isIt = `${request.method} ${request.path}` === route;
    sendJson(response, isIt ? body : { error: 'no route' }, { status: isIt ? 200 : 404 });
  });
  const env = { SIGNALBOX_URL: server.url, SIGNALBOX_TOKEN: 'capi_test' };
  return { ...(await runCli(args, { env })), seen: server.seen };
}

describe('signalbox events send', () => {
  test('sends the payload as it was written, and says how to learn why nothing ran', async () => {
    const payload = '{"id": 12345678901234567890}';
    const event = { trigger_event_id: 'te1', repeated: false, runs: [] };
    const result = await cli('POST /v1/events', { data: { events: [event] } }, [
      ...['events', 'send', 'order.paid', payload, '--id', 'o-1', '--entity', 'e-1'],
    ]);
    expect(result).toMatchObject({ code: 0, stdout: 'kept te1\n' });
    expect(result.stderr).toContain('signalbox triggers explain te1');
    expect(result.seen[0]?.body).toBe(
      `{"type":"order.paid","id":"o-1","entity_id":"e-1", "payload": ${payload}}`,
    );
  });

  test('names the runs, and a repeat', async () => {
    const event = {
      trigger_event_id: 'te1',
      repeated: true,
      runs: [{ run_id: 'run_1', agent_id: 'ag1' }],
    };
    const { stdout } = await cli('POST /v1/events', { data: { events: [event] } }, [
      ...['events', 'send', 'order.paid'],
    ]);
    expect(stdout).toBe('repeated te1\n  run_1 of agent ag1\n');
  });
});

describe('signalbox triggers', () => {
  const event = {
    id: 'te1',
    source: 'event',
    type: 'order.paid',
    caused_by_run_id: null,
    depth: 0,
    replay_of: null,
    created_at: '2026-04-03T03:14:15.000Z',
  };
  const who = { trigger_name: 'On it', reason: null, detail: null, comparisons: [], run: null };

  test('explain says of every agent why it ran or did not, in words', async () => {
    const verdicts = [
      { ...who, agent_name: 'Ran', verdict: 'ran', run: { run_id: 'run_1' } },
      {
        ...{ ...who, agent_name: 'Strict', verdict: 'not_matched' },
        comparisons: [
          { field: 'n', op: 'gte', expected: 10, actual: 1, matched: false },
          { field: 'gone', op: 'exists', expected: true, matched: false },
          { field: 'kind', op: 'in', expected: ['a'], actual: 'a', matched: true },
        ],
      },
      {
        ...{ ...who, agent_name: 'Once', verdict: 'skipped', reason: 'once_per_entity' },
        detail: 'It has run.',
      },
    ];
    const { stdout, code } = await cli(
      'GET /v1/trigger-events/te1',
      { data: { ...event, verdicts } },
      [...['triggers', 'explain', 'te1']],
    );
    expect(code).toBe(0);
    expect(stdout.split('\n').slice(1)).toEqual([
      '',
      'Ran (On it) ran: run_1',
      '',
      'Strict (On it) did not run: a comparison does not hold.',
      '  ✗ n is at least 10: it is 1',
      '  ✗ gone is there: it is not there',
      '  ✓ kind is one of ["a"]: it is "a"',
      '',
      'Once (On it) was skipped, once_per_entity: It has run.',
      '',
    ]);
  });

  test('events lists what fired', async () => {
    const verdicts = { ran: 1, not_matched: 2, refused: 0, skipped: 1 };
    const path = 'GET /v1/trigger-events?source=event&matched=false';
    const page = { data: [{ ...event, verdicts }], next_cursor: null, has_more: false };
    const { stdout } = await cli(path, page, [
      ...['triggers', 'events', '--unmatched', '--source', 'event'],
    ]);
    expect(stdout).toMatch(/te1 +event +order\.paid +1 +3 /);
  });
});
