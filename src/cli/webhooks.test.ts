import { expect, test } from 'vitest';
import { cliAgainst as cli } from '../../test/support/run-cli.ts';

const webhook = {
  id: 'wh1',
  url: 'https://example.com/hooks',
  event_types: ['run.*'],
  enabled: false,
  disabled_reason: 'The receiver answered 410: it wants no more.',
  failing_since: null,
};
const delivery = {
  id: 'wd1',
  message_id: 'msg_1',
  event_type: 'run.failed',
  status: 'pending',
  attempts: 2,
  next_attempt_at: '2026-04-03T03:14:15.926Z',
  last_attempt: { status: 503, error: 'The receiver answered 503.' },
  created_at: '2026-04-03T03:14:15.926Z',
};
const page = (...data: unknown[]) => ({ data, next_cursor: null, has_more: false });

test('webhooks are listed, with the reason why one is off', async () => {
  const { code, stdout, stderr } = await cli({ 'GET /v1/webhooks': page(webhook) }, [
    'webhooks',
    'list',
  ]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/wh1 +off +run\.\* +https:\/\/example\.com\/hooks/);
  expect(stderr).toContain('wh1: The receiver answered 410: it wants no more.');
});

test('a webhook is created with its secret printed once', async () => {
  const routes = { 'POST /v1/webhooks': { data: { ...webhook, secret: 'whsec_x' } } };
  const args = [
    'webhooks',
    'create',
    webhook.url,
    '--event',
    'run.failed',
    'run.cancelled',
    '--agent',
    '7',
  ];
  const { code, stdout, seen } = await cli(routes, args);
  expect([code, stdout]).toEqual([0, 'created wh1\nsecret whsec_x\n']);
  expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
    url: webhook.url,
    event_types: ['run.failed', 'run.cancelled'],
    agent_ids: ['7'],
  });
});

test('deliveries are listed with what came of them, and made again', async () => {
  const routes = {
    'GET /v1/webhooks/wh1/deliveries?status=pending': page(delivery),
    'POST /v1/webhooks/wh1/deliveries/wd1/resend': { data: delivery },
  };
  const list = await cli(routes, ['webhooks', 'deliveries', 'wh1', '--status', 'pending']);
  expect(list.stdout).toMatch(/wd1 +run\.failed +pending +2 .*The receiver answered 503\.; next /);
  const resent = await cli(routes, ['webhooks', 'resend', 'wh1', 'wd1']);
  expect([resent.code, resent.stdout]).toEqual([0, 'sending wd1 msg_1\n']);
});

test('what the server refuses is told as it says it', async () => {
  const { code, stderr } = await cli({}, ['webhooks', 'resend', 'wh1', 'wd1']);
  expect(code).toBe(1);
  expect(stderr).toContain('no route POST /v1/webhooks/wh1/deliveries/wd1/resend');
});
