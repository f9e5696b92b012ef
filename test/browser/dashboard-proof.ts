import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CDPSession, Page } from 'playwright-core';
import { storeRuns } from '../../bench/load/stored-runs.ts';
import { type Database, openDatabase } from '../../src/store/connect.ts';
import { socketUrl } from '../../src/store/embedded/socket-url.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded/supervisor.ts';
import {
  type ServerProcess,
  startServerProcess,
  testAdminToken,
} from '../support/server-process.ts';
import { buildDashboard, openBrowser } from './open-browser.ts';
import {
  msAfterAnswer,
  msAfterNavigation,
  notePaints,
  scrollTraced,
  usedMemory,
} from './page-measures.ts';

// The dashboard over very much: a long list, a long run that goes on for minutes while the server is started
// anew, and a large output. What is measured is measured in the page, in a real Chromium.

export interface DashboardProof {
  readonly storedRuns: number;
  /** Each is a step of the model and, but for a few, calls of a tool. */
  readonly turns: number;
  readonly callsPerTurn: number;
  readonly turnMs: number;
  readonly largeBytes: number;
  readonly scrollMs: number;
  readonly report?: (line: string) => void;
}

type Figures = Record<string, number | string>;

interface Scene {
  readonly page: Page;
  readonly cdp: CDPSession;
  readonly server: () => ServerProcess;
  readonly restart: () => Promise<void>;
  readonly agentId: string;
  readonly given: DashboardProof;
}

export async function proveDashboard(given: DashboardProof): Promise<Figures> {
  await using undo = new AsyncDisposableStack();
  buildDashboard();
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-dashboard-proof-'));
  undo.defer(() => rmSync(folder, { recursive: true, force: true }));
  const { connection } = undo.use(await startEmbeddedPostgres({ dataDir: folder }));
  writeFileSync(join(folder, 'long.json'), JSON.stringify(longScript(given)));
  const env = {
    DATABASE_URL: socketUrl(connection),
    SIGNALBOX_SECRET_KEY: 'a secret key of a proof, 32 and more',
    SIGNALBOX_SCRIPTS_DIR: folder,
  };
  let server = await startServerProcess({ dataDir: folder, env });
  undo.defer(async () => await server[Symbol.asyncDispose]());
  // Filling a table with a million rows takes longer than any request may.
  const patience = { statementTimeoutMs: 600_000, transactionTimeoutMs: 600_000 };
  await using db = openDatabase({ kind: 'embedded', connection }, patience);
  const agentId = await prepare(server, db, given);
  given.report?.(`${given.storedRuns} runs stored`);
  const browser = undo.use(await openBrowser(server.url));
  const page = await browser.context.newPage();
  await notePaints(page);
  const cdp = await browser.context.newCDPSession(page);
  await signIn(page);
  const scene: Scene = {
    ...{ page, cdp, agentId, given, server: () => server },
    async restart() {
      const { port: own } = new URL(server.url);
      await server[Symbol.asyncDispose]();
      await page.getByText('The server does not answer.').waitFor({ timeout: 60_000 });
      server = await startServerProcess({ dataDir: folder, env: { ...env, PORT: own } });
    },
  };
  const table = await measureTable(scene);
  given.report?.(`table: ${JSON.stringify(table)}`);
  const live = await measureLiveRun(scene);
  given.report?.(`live run: ${JSON.stringify(live.figures)}`);
  const long = await measureLongRun(scene, live.runId);
  given.report?.(`long run: ${JSON.stringify(long)}`);
  return {
    'runs in the table': given.storedRuns,
    ...table,
    ...live.figures,
    ...long,
    slowPaints: Object.entries({ ...table, ...long }).filter(
      ([name, value]) => name.includes('first useful paint') && Number(value) >= 1_000,
    ).length,
    complaints: browser.complaints.length,
    'what pages complained of': browser.complaints.join('; ').slice(0, 1_000),
  };
}

/** The list of runs: its first paint, and scrolling down through pages that are read meanwhile. */
async function measureTable({ page, cdp, given }: Scene): Promise<Figures> {
  await page.goto('/runs');
  await page.locator('[data-row="20"]').waitFor();
  const paintMs = await msAfterAnswer(page, 'row', '/v1/runs?');
  const wholeMs = await msAfterNavigation(page, 'row');
  const scroll = await scrollTraced({
    page,
    cdp,
    at: '[aria-label="Runs"]',
    forMs: given.scrollMs,
  });
  const last = await page.evaluate(() =>
    Math.max(
      ...[...document.querySelectorAll('[data-row]')].map((row) =>
        Number(row.getAttribute('data-row')),
      ),
    ),
  );
  return {
    'table: first useful paint, ms after the answer': paintMs,
    'table: first row, ms after the navigation': wholeMs,
    ...named('table', scroll),
    'table: rows scrolled past': last,
  };
}

/** A run that goes on while one watches, the server started anew in its midst. */
async function measureLiveRun(
  scene: Scene,
): Promise<{ readonly runId: string; readonly figures: Figures }> {
  const { page, cdp, agentId, given } = scene;
  const made = await scene
    .server()
    .call<{ data: { id: string } }>('POST', `/v1/agents/${agentId}/run`, {
      payload: { about: 'everything' },
    });
  const runId = made.body.data.id;
  const startedAt = performance.now();
  await page.goto(`/runs/${agentId}/${runId}`);
  await page.locator('[data-step="1"]').waitFor();
  const steps = () => countedSteps(page);
  const whole = given.turns * (given.callsPerTurn + 1);
  const samples: { readonly steps: number; readonly heap: number; readonly nodes: number }[] = [];
  let restartedAt: number | null = null;
  for (;;) {
    const shown = await steps();
    samples.push({ steps: shown, ...(await usedMemory(cdp)) });
    if (restartedAt === null && shown >= whole / 2) {
      restartedAt = shown;
      await scene.restart();
      await page
        .getByText('The server does not answer.')
        .waitFor({ state: 'detached', timeout: 60_000 });
    }
    if (await page.getByText('Everything is told.').first().isVisible()) break;
    const { body } = await scene
      .server()
      .call<{ data: { status: string; stop_reason: string | null } }>(
        'GET',
        `/v1/agents/${agentId}/runs/${runId}`,
      );
    if (body.data.status === 'failed') throw new Error(`The run failed: ${body.data.stop_reason}.`);
    await sleep(Math.max(500, given.turnMs));
  }
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  const shown = await steps();
  const { body } = await scene
    .server()
    .call<{ data: unknown[] }>('GET', `/v1/agents/${agentId}/runs/${runId}/steps`);
  samples.push({ steps: shown, ...(await usedMemory(cdp)) });
  const quarter = samples[Math.floor(samples.length / 4)] ?? samples[0];
  const end = samples.at(-1);
  const stepBytes = JSON.stringify(body.data).length;
  const grown = mebibytes((end?.heap ?? 0) - (quarter?.heap ?? 0));
  // What is shown is held: so many more steps weigh something. Beyond four times their text it would be a leak.
  const allowed = 8 + 4 * mebibytes(stepBytes);
  return {
    runId,
    figures: {
      'live run: seconds': seconds,
      'live run: steps': shown,
      'live run: steps when the server was started anew': restartedAt ?? 0,
      missedSteps: body.data.length - shown,
      'live run: steps as JSON, MiB': mebibytes(stepBytes),
      'live run: heap after a quarter, MiB': mebibytes(quarter?.heap ?? 0),
      'live run: heap at the end, MiB': mebibytes(end?.heap ?? 0),
      'live run: most heap, MiB': mebibytes(Math.max(...samples.map(({ heap }) => heap))),
      'live run: nodes after a quarter': quarter?.nodes ?? 0,
      'live run: nodes at the end': end?.nodes ?? 0,
      memoryGrew: grown > allowed || (end?.nodes ?? 0) > 2 * (quarter?.nodes ?? 0) + 500 ? 1 : 0,
    },
  };
}

/** The run once it has ended: opened anew, scrolled through, its largest output read. */
async function measureLongRun(
  { page, cdp, agentId, given }: Scene,
  runId: string,
): Promise<Figures> {
  await page.goto(`/runs/${agentId}/${runId}?step=1`);
  await page.locator('[data-step="1"]').waitFor();
  const paintMs = await msAfterAnswer(page, 'step', '/steps');
  const scroll = await scrollTraced({
    page,
    cdp,
    at: '[aria-label="Steps"]',
    forMs: given.scrollMs,
  });
  await page.goto(`/runs/${agentId}/${runId}?step=1`);
  const output = page.getByRole('region', { name: 'Large output' });
  await output.getByRole('button', { name: 'Show its beginning' }).click();
  const content = output.locator('pre').first();
  await content.waitFor();
  const outputPaintMs = await msAfterAnswer(page, 'output', '/outputs/');
  const more = output.getByRole('button', { name: 'Show more' });
  for (let part = 1; part * 65_536 < given.largeBytes; part += 1) {
    await more.click();
    await output.locator('pre').nth(part).waitFor();
  }
  const read = await scrollTraced({
    ...{ page, cdp, forMs: given.scrollMs },
    at: '[aria-label="Large output, content"]',
  });
  return {
    'long run: first useful paint, ms after the answer': paintMs,
    ...named('long run', scroll),
    'output: first useful paint, ms after the answer': outputPaintMs,
    'output: MiB shown': mebibytes(given.largeBytes),
    ...named('output', read),
  };
}

function named(name: string, figures: object): Figures {
  return Object.fromEntries(
    Object.entries(figures).map(([key, value]) => [`${name}: ${key}`, value as number]),
  );
}

async function prepare(
  server: ServerProcess,
  db: Database,
  given: DashboardProof,
): Promise<string> {
  const root = await server.call<{ data: { workspaces: { id: string }[] } }>('GET', '/v1');
  const workspaceId = root.body.data.workspaces[0]?.id ?? '';
  await server.call('POST', '/v1/custom-tools', {
    workspace_id: workspaceId,
    name: 'look-up',
    description: 'Looks a part up.',
    language: 'python',
    code: 'def main(part):\n    return {"message": f"Part {part} is there", "rawData": {"part": part}}\n',
    parameters: { part: { type: 'string', required: true } },
  });
  const { body } = await server.call<{ data: { id: string } }>('POST', '/v1/agents', {
    workspace_id: workspaceId,
    name: 'Long desk',
    description: 'Looks everything up.',
    instructions: 'Look every part up.',
    model: 'scripted/long',
    tools: ['look-up'],
    limits: { max_steps: 10_000, timeout_ms: 3_600_000 },
    triggers: [{ type: 'webhook', name: 'Asked', config: {} }],
  });
  const agentId = body.data.id;
  await storeRuns(db, { agentId, workspaceId, count: given.storedRuns, workspaces: 1 });
  await db.execute({
    text: `UPDATE agents SET definition = (SELECT definition FROM agents WHERE id = $1) WHERE name = 'Bench'`,
    values: [agentId],
  });
  return agentId;
}

function longScript({ turns, callsPerTurn, turnMs, largeBytes }: DashboardProof): object {
  const usage = { input_tokens: 120, output_tokens: 30 };
  const line = 'All that there is to know of this part, in one line after the other.\n';
  const large = line.repeat(Math.ceil(largeBytes / line.length)).slice(0, largeBytes);
  const ask = (turn: number) => ({
    answer: {
      text: turn === 0 ? large : `Now the parts of group ${turn}.`,
      tool_calls: Array.from({ length: callsPerTurn }, (_, call) => ({
        name: 'look-up',
        arguments: { part: `${turn}-${call}` },
      })),
      usage,
      delay_ms: turnMs,
    },
  });
  const end = {
    disposition: 'resolved',
    disposition_reason: 'done',
    response: 'Everything is told.',
  };
  const finish = { answer: { tool_calls: [{ name: 'finish', arguments: end }], usage } };
  return {
    price: { input: 1, output: 10 },
    turns: [...Array.from({ length: turns }, (_, turn) => ask(turn)), finish],
  };
}

async function signIn(page: Page): Promise<void> {
  await page.goto('/');
  await page.getByLabel('Token').fill(testAdminToken);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor();
}

/** As the head of the waterfall says. */
async function countedSteps(page: Page): Promise<number> {
  const text = await page
    .getByText(/^\d+ steps?$/)
    .first()
    .textContent();
  return Number.parseInt(text ?? '0', 10);
}

function mebibytes(bytes: number): number {
  return Math.round((10 * bytes) / 1_048_576) / 10;
}
