import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ScriptInput } from '../../src/models/script.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';

// Every template installed by one call of a real server, and its test case run there: on a model that is a script,
// and does what the skill and the instructions ask for.

const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-templates-'));
const scriptsDir = join(dataDir, 'scripts');
let server: ServerProcess;

const call = (name: string, args: Readonly<Record<string, unknown>> = {}) => ({
  answer: { tool_calls: [{ name, arguments: args }] },
});
const finish = (more: Readonly<Record<string, unknown>>) =>
  call('finish', { disposition: 'resolved', ...more });

const scripts: Readonly<Record<string, ScriptInput['turns']>> = {
  'reservation-desk': [
    call('load_skill', { name: 'change-or-cancel' }),
    call('cancellation-fee', { check_in: '2026-05-10', cancelled_on: '2026-05-07', total: 300 }),
    finish({ response: 'Cancelling now costs 150.00.', output: { fee: 150 } }),
  ],
  'it-ticket-triage': [
    call('load_skill', { name: 'triage' }),
    call('find-error-codes', { text: 'Nobody in our office can connect: VPN-0812.' }),
    call('search_knowledge', { query: 'VPN-0812' }),
    call('ticket-priority', { impact: 'team', urgency: 'now' }),
    finish({ output: { priority: 'P1', category: 'network', team: 'Network' } }),
  ],
  'refund-check': [
    call('load_skill', { name: 'refund-policy' }),
    call('return-window', {
      ...{ delivered_on: '2026-03-01', asked_on: '2026-03-10', category: 'standard' },
    }),
    call('refund-amount', { items: [{ price: 40, quantity: 1, condition: 'opened' }] }),
    finish({ output: { decision: 'partial_refund', amount: 36 } }),
  ],
  'daily-report': [
    call('load_skill', { name: 'report-format' }),
    call('compare-figures', { values: [10, 12, 11, 22] }),
    call('figures-table', { columns: ['Figure', 'Yesterday'], rows: [['Orders', '22']] }),
    finish({ response: 'Orders doubled.\n\n**Out of the ordinary**: orders.' }),
  ],
};

beforeAll(async () => {
  mkdirSync(scriptsDir);
  for (const [slug, turns] of Object.entries(scripts)) {
    writeFileSync(join(scriptsDir, `${slug}.json`), JSON.stringify({ turns }));
  }
  const env = { SIGNALBOX_SCRIPTS_DIR: scriptsDir };
  server = await startServerProcess({ dataDir, env });
}, 120_000);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true, force: true });
});

interface TestRunView {
  readonly id: string;
  readonly status: string;
  readonly passed: boolean | null;
}

test.each(Object.keys(scripts))(
  '%s is installed, and its test case passes',
  async (slug) => {
    const installed = await server.call<{ data: { agent_id: string } }>(
      'POST',
      `/v1/templates/${slug}/install`,
    );
    expect(installed.status).toBe(200);
    const started = await server.call<{ data: TestRunView }>('POST', '/v1/tests/runs', {
      ...{ agent_id: installed.body.data.agent_id, variants: [{ model: `scripted/${slug}` }] },
    });
    expect([started.status, started.body]).toEqual([201, expect.anything()]);
    const { id } = started.body.data;
    for (const until = Date.now() + 60_000; ; await sleep(100)) {
      const { body } = await server.call<{ data: TestRunView }>('GET', `/v1/tests/runs/${id}`);
      if (body.data.status === 'completed') {
        const results = await server.call<{ data: unknown }>('GET', `/v1/tests/runs/${id}/results`);
        // What was not met is told by the failure of this test.
        expect([body.data.passed, JSON.stringify(results.body.data)]).toEqual([
          true,
          expect.any(String),
        ]);
        return;
      }
      if (Date.now() > until) throw new Error(`It is ${body.data.status}.`);
    }
  },
  120_000,
);
