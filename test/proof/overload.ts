import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, openDatabase } from '../../src/store/connect.ts';
import { socketUrl } from '../../src/store/embedded/socket-url.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded/supervisor.ts';
import { HttpClient } from '../support/http-client.ts';
import {
  type ServerProcess,
  startServerProcess,
  testAdminToken,
} from '../support/server-process.ts';
import { sizeMiB } from './own-database.ts';
import { percentile } from './webhook-sender.ts';

// Twice what the server can do, for a long time, by callers who do not slow down when they are refused. What
// it can do is found before, and once more after it, over all that is stored by then, by callers who wait for their
// answers.

export interface OverloadProof {
  readonly clients: number;
  readonly seconds: number;
  /** Of each step of the search for how many callers get the most out of the server. */
  readonly searchSeconds: number;
  /** For how long they then show what it keeps up: long enough for the database's checkpoints to be in it. */
  readonly sustainSeconds: number;
  readonly report: (line: string) => void;
}

interface Served {
  readonly acknowledged: readonly string[];
  readonly latenciesMs: readonly number[];
  /** Status → answers; `none`: the connection broke. */
  readonly seen: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** Refusals without `Retry-After`. */
  readonly unclear: number;
  readonly perSecondByTenth: readonly number[];
  /** Of the machine's cores, what those who asked took. */
  readonly ownCores: number;
}

export async function proveOverload(given: OverloadProof): Promise<Record<string, unknown>> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-overload-'));
  try {
    await using postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'database') });
    const connection = { kind: 'embedded', connection: postgres.connection } as const;
    await using db = openDatabase(connection, { max: 1, statementTimeoutMs: 0 });
    await using server = await startServerProcess({
      dataDir: join(folder, 'server'),
      env: {
        DATABASE_URL: socketUrl(postgres.connection),
        SIGNALBOX_SECRET_KEY: 'a secret key of a test, thirty-two characters',
        SIGNALBOX_SCRIPTS_DIR: writeScript(folder),
        SIGNALBOX_DEFAULT_MODEL: 'scripted/finish',
      },
    });
    return await overload({ ...given, db, server, path: await createAgent(server) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Setting extends OverloadProof {
  readonly db: Database;
  readonly server: ServerProcess;
  readonly path: string;
}

async function overload(setting: Setting): Promise<Record<string, unknown>> {
  const { clients, seconds, report, db } = setting;
  const before = await findMost(setting);
  const offered = 2 * before.perSecond;
  report(`the most: ${before.perSecond} runs a second, by ${before.clients} callers`);
  const endedBefore = await countEnded(db);
  const memory = watchMemory(setting.server.pid, seconds);
  const served = await load(setting, { seconds, perSecond: offered });
  const memoryMiB = memory.stop();
  const endedPerSecond = ((await countEnded(db)) - endedBefore) / served.seconds;
  report(`served; waiting for ${served.acknowledged.length} runs to end`);
  const settledMs = await settle(db);
  const storedMiB = await sizeMiB(db);
  const after = await sustain(setting, { asking: before.clients, seconds: setting.sustainSeconds });
  const most = Math.max(before.perSecond, after.perSecond);
  const acknowledged = new Set([before, served, after].flatMap(({ acknowledged }) => acknowledged));
  const servedPerSecond = served.acknowledged.length / served.seconds;
  const { '200': _, '503': __, '429': ___, ...otherAnswers } = served.seen;
  const p99Ms = percentile(served.latenciesMs, 99);
  const answers = Object.values(served.seen).reduce((sum, n) => sum + n, 0);
  return {
    clients,
    'the most before, runs a second (dispatched and ended)': before.perSecond,
    'the most after': after.perSecond,
    'the most, the larger of both': most,
    'each measured over, s': setting.sustainSeconds,
    'offered a second': Math.round(offered),
    'answered a second': Math.round(answers / served.seconds),
    'served a second': Math.round(servedPerSecond),
    'served a second by tenth of the time': served.perSecondByTenth.join(' '),
    'runs ended a second meanwhile': Math.round(endedPerSecond),
    'of the most, served': round(servedPerSecond / most),
    'of the most, ended': round(endedPerSecond / most),
    answers: Object.entries(served.seen)
      .map(([status, n]) => `${n} × ${status}`)
      .join(', '),
    'served, p50 ms': percentile(served.latenciesMs, 50),
    'served, p95 ms': percentile(served.latenciesMs, 95),
    'served, p99 ms': p99Ms,
    'served, max ms': percentile(served.latenciesMs, 100),
    'cores that the callers took, of the machine’s': round(served.ownCores),
    'memory of the server by tenth of the time, MiB': memoryMiB.join(' '),
    'until the last acknowledged run had ended, s': Math.round(settledMs / 1_000),
    'size of the database then, MiB': storedMiB,
    acknowledged: acknowledged.size,
    lost: await lostOf(db, acknowledged),
    servedTooFew: Math.min(servedPerSecond, endedPerSecond) < 0.9 * most ? 1 : 0,
    tooSlow: p99Ms < 1_000 ? 0 : 1,
    otherAnswers: Object.values(otherAnswers).reduce((sum, n) => sum + n, 0),
    unclear: served.unclear,
    memoryGrew: isGrowing(memoryMiB) ? 1 : 0,
  };
}

/**
 * The most runs a second that are both taken and ended, by callers who wait for their answers: as many as flood the
 * server later, over the same connections, of whom so many ask at a time as get the most out of it.
 */
async function findMost(setting: Setting) {
  // The first round warms the server.
  const rounds = [await sustain(setting, { asking: 64, seconds: setting.searchSeconds })];
  let best = { perSecond: 0, clients: 0 };
  for (const clients of [32, 64, 128, 256]) {
    const round = await sustain(setting, { asking: clients, seconds: setting.searchSeconds });
    rounds.push(round);
    if (round.perSecond > best.perSecond) best = { perSecond: round.perSecond, clients };
  }
  const last = await sustain(setting, { asking: best.clients, seconds: setting.sustainSeconds });
  const acknowledged = [...rounds, last].flatMap((round) => round.acknowledged);
  return { perSecond: last.perSecond, clients: best.clients, acknowledged };
}

/** What so many callers get out of the server, each of whom waits for its answer; until all that was taken has ended. */
async function sustain(
  setting: Setting,
  given: { readonly asking: number; readonly seconds: number },
) {
  const endedBefore = await countEnded(setting.db);
  const served = await load(setting, given);
  const ended = (await countEnded(setting.db)) - endedBefore;
  const perSecond = Math.round(Math.min(ended, served.acknowledged.length) / served.seconds);
  const taken = Math.round(served.acknowledged.length / served.seconds);
  setting.report(
    `${given.asking} callers for ${given.seconds} s: ${taken} taken, ${perSecond} also ended a second; they took ${round(served.ownCores)} cores`,
  );
  await settle(setting.db);
  return { perSecond, acknowledged: served.acknowledged };
}

/** How many requests of one caller may be without an answer: it does not wait for one before it sends the next. */
const atOncePerClient = 3;

/** Every how many ms the requests that became due are sent. */
const tickMs = 5;

/** `perSecond`: by all clients in turn, when it is due. `asking`: so many, each as fast as it is answered. */
async function load(
  { server, path, clients }: Setting,
  given: {
    readonly seconds: number;
  } & ({ readonly perSecond: number } | { readonly asking: number }),
): Promise<Served> {
  const connections = clients * atOncePerClient;
  using http = new HttpClient(server.url, connections);
  await http.open(connections, '/healthz');
  const acknowledged: string[] = [];
  const byTenth = Array.from({ length: 10 }, () => 0);
  const latenciesMs: number[] = [];
  const seen: Record<string, number> = {};
  let unclear = 0;
  let underWay = 0;
  const request = http.prepare('POST', path, headers, body);
  const send = async () => {
    const sentAt = performance.now();
    underWay += 1;
    const answer = await http.exchange(request).catch(() => null);
    underWay -= 1;
    const status = answer === null ? 'none' : String(answer.status);
    seen[status] = (seen[status] ?? 0) + 1;
    if (answer?.status === 200) {
      latenciesMs.push(performance.now() - sentAt);
      const tenth = Math.min(
        9,
        Math.floor((performance.now() - startedAt) / (given.seconds * 100)),
      );
      byTenth[tenth] = (byTenth[tenth] ?? 0) + 1;
      acknowledged.push((JSON.parse(answer.body) as { data: { id: string } }).data.id);
    } else if (answer === null || !answer.head.includes('\r\nretry-after:')) {
      unclear += 1;
    }
  };
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const until = startedAt + given.seconds * 1_000;
  if ('asking' in given) {
    const ask = async () => {
      while (performance.now() < until) await send();
    };
    await Promise.all(Array.from({ length: given.asking }, ask));
  } else {
    let due = 0;
    while (performance.now() < until) {
      const now = Math.floor(((performance.now() - startedAt) / 1_000) * given.perSecond);
      // A caller all of whose requests are under way sends none: that one is not made up for.
      for (; due < now; due++) if (underWay < connections) void send();
      await sleep(tickMs);
    }
    while (underWay > 0) await sleep(tickMs);
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpu = process.cpuUsage(cpuBefore);
  const ownCores = (cpu.user + cpu.system) / 1_000_000 / seconds;
  const perSecondByTenth = byTenth.map((n) => Math.round((10 * n) / given.seconds));
  return { acknowledged, latenciesMs, seen, seconds, unclear, perSecondByTenth, ownCores };
}

const body = JSON.stringify({ payload: { guest: 'Ada Lovelace', nights: 4 } });
const headers = { authorization: `Bearer ${testAdminToken}`, 'content-type': 'application/json' };

function writeScript(folder: string): string {
  const scripts = join(folder, 'scripts');
  mkdirSync(scripts);
  const finish = { name: 'finish', arguments: { disposition: 'resolved', response: 'Done.' } };
  const script = { turns: [{ answer: { tool_calls: [finish] } }] };
  writeFileSync(join(scripts, 'finish.json'), JSON.stringify(script));
  return scripts;
}

async function createAgent(server: ServerProcess): Promise<string> {
  const workspaces = await server.call<{ data: { id: string }[] }>('GET', '/v1/workspaces');
  const agent = await server.call<{ data: { id: string } }>('POST', '/v1/agents', {
    workspace_id: workspaces.body.data[0]?.id,
    ...{ name: 'Any', description: 'Any', instructions: 'Finish.' },
    triggers: [{ name: 'hook', type: 'webhook', config: {} }],
  });
  if (agent.status !== 201) throw new Error(JSON.stringify(agent.body));
  return `/v1/agents/${agent.body.data.id}/run`;
}

/** Resident memory of a process by tenth of the time, in MiB: the mean of each. */
function watchMemory(pid: number, seconds: number) {
  const samples: number[] = [];
  const timer = setInterval(() => samples.push(residentMiB(pid)), (seconds * 1_000) / 100);
  return {
    stop: () => {
      clearInterval(timer);
      const size = Math.max(1, Math.floor(samples.length / 10));
      return Array.from({ length: 10 }, (_, n) => {
        const part = samples.slice(n * size, (n + 1) * size);
        return Math.round(part.reduce((sum, one) => sum + one, 0) / Math.max(1, part.length));
      });
    },
  };
}

function residentMiB(pid: number): number {
  const kib = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) / 1_024;
}

/** Whether the second half of the time needed more than a tenth beyond what the first half, warmed up, did. */
function isGrowing(tenths: readonly number[]): boolean {
  const most = (from: number, to: number) => Math.max(...tenths.slice(from, to));
  return most(5, 10) > 1.1 * most(1, 5);
}

const endedStates = "status IN ('completed', 'failed', 'cancelled')";

async function countEnded(db: Database): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    `SELECT count(*) AS n FROM runs WHERE ${endedStates}`,
  );
  return row?.n ?? 0;
}

/** Until no run is open, at most ten minutes; how long it took. */
async function settle(db: Database): Promise<number> {
  const startedAt = performance.now();
  while (performance.now() < startedAt + 600_000) {
    const [row] = await db.query<{ open: boolean }>(
      `SELECT EXISTS (SELECT FROM runs WHERE NOT (${endedStates})) AS open`,
    );
    if (row?.open === false) break;
    await sleep(200);
  }
  return performance.now() - startedAt;
}

async function lostOf(db: Database, acknowledged: ReadonlySet<string>): Promise<number> {
  const rows = await db.query<{ id: string }>("SELECT id FROM runs WHERE status = 'completed'");
  const completed = new Set(rows.map(({ id }) => id));
  return [...acknowledged].filter((id) => !completed.has(id)).length;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
