import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, openDatabase } from '../../src/store/connect.ts';
import { socketUrl } from '../../src/store/embedded/socket-url.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded/supervisor.ts';
import { copySearched } from '../../src/store/run-search.ts';
import {
  type ServerProcess,
  startServerProcess,
  testAdminToken,
} from '../support/server-process.ts';
import { sizeMiB } from './own-database.ts';
import { storeRuns } from './stored-runs.ts';
import { percentile } from './webhook-sender.ts';

// Retention under load: many stored runs, of which a part is to be kept, while others come in at a steady rate. An
// answer's time counts from the moment at which its request was due.

export interface RetentionProof {
  readonly stored: number;
  readonly keep: number;
  /** Dispatches a second. */
  readonly rate: number;
  /** Of dispatches without pruning, before and after. */
  readonly quietSeconds: number;
  /** Of pruning after the backlog has gone. */
  readonly levelSeconds: number;
  /** SIGKILL to the server in the middle of the backlog. */
  readonly kill: boolean;
  readonly report?: (line: string) => void;
}

export async function proveRetention(given: RetentionProof): Promise<Record<string, unknown>> {
  const { stored, keep, report = () => undefined } = given;
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-retention-'));
  const load = new Load(given.rate);
  let server: ServerProcess | null = null;
  try {
    await using postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
    const { connection } = postgres;
    await using db = openDatabase(
      { kind: 'embedded', connection },
      { max: 2, statementTimeoutMs: 0, transactionTimeoutMs: 0 },
    );
    const start = () =>
      startServerProcess({
        dataDir: folder,
        env: {
          ...instantModel(folder),
          DATABASE_URL: socketUrl(connection),
          SIGNALBOX_SECRET_KEY: 'a secret key of the proofs, no other',
        },
      });
    server = await start();
    const agent = await makeAgent(server);
    const filledAt = performance.now();
    await storeRuns(db, { ...agent, count: stored });
    // What the server copies of each run, else that would count as growth; it copies as well.
    while ((await countRuns(db, 'run_figures')) < stored) {
      if ((await copySearched(db, 50_000)) === 0) await sleep(100);
    }
    await db.execute('VACUUM ANALYZE run_figures, run_search');
    report(`${stored} runs stored in ${seconds(filledAt)} s, ${await sizeMiB(db)} MiB`);

    load.target = { url: server.url, path: `/v1/agents/${agent.agentId}/run` };
    load.start();
    await sleep(Math.min(5_000, given.quietSeconds * 1_000));
    const before = await load.during(() => sleep(given.quietSeconds * 1_000));
    report(`without pruning: p99 ${percentile(before, 99)} ms`);
    const sizeBefore = await sizeMiB(db);

    const rules = { runs: { max_count: keep }, trigger_events: { max_count: keep } };
    const set = await server.call(
      'PATCH',
      `/v1/retention?workspace_id=${agent.workspaceId}`,
      rules,
    );
    if (set.status !== 200) throw new Error(JSON.stringify(set.body));
    const prunedAt = performance.now();
    const isLevel = async () => (await countRuns(db)) <= keep + 120 * given.rate + keep / 100;
    const during: number[] = [];
    let kills = 0;
    while (!(await isLevel())) {
      during.push(...(await load.during(() => sleep(Math.min(2_000, stored / 50)))));
      if (given.kill && kills === 0 && (await countRuns(db)) < stored - (stored - keep) / 10) {
        kills += 1;
        load.target = null;
        await server.killGroup();
        server = await start();
        load.target = { url: server.url, path: `/v1/agents/${agent.agentId}/run` };
        await sleep(Math.min(3_000, stored / 50));
      }
      report(`${seconds(prunedAt)} s: ${await countRuns(db)} runs, ${await sizeMiB(db)} MiB`);
    }
    const backlogSeconds = seconds(prunedAt);
    const sizes = [await sizeMiB(db)];
    const counts = [await countRuns(db)];
    const levelAt = performance.now();
    while (seconds(levelAt) < given.levelSeconds) {
      const step = Math.min(30, given.levelSeconds);
      during.push(...(await load.during(() => sleep(step * 1_000))));
      sizes.push(await sizeMiB(db));
      counts.push(await countRuns(db));
      report(`level: ${counts.at(-1)} runs, ${sizes.at(-1)} MiB`);
    }
    const left = { runs: null, trigger_events: null };
    await server.call('PATCH', `/v1/retention?workspace_id=${agent.workspaceId}`, left);
    await sleep(200);
    const after = await load.during(() => sleep(given.quietSeconds * 1_000));
    await load.stop();
    const quiet = percentile([...before, ...after], 99);
    const ratio = Math.round((percentile(during, 99) / quiet) * 100) / 100;
    return {
      ...(await judge(db, { ...agent, ...given, load })),
      'p99 of dispatch without pruning, ms': quiet,
      'p99 of dispatch while pruning, ms': percentile(during, 99),
      'ratio of the p99': ratio,
      slower: ratio > 1.5 ? 1 : 0,
      // Room that was made is used again: the files are no larger than when there was twice as much.
      growing: Math.max(...sizes) > sizeBefore * 1.05 ? 1 : 0,
      unlevel: Math.max(...counts) > keep + 120 * given.rate + keep / 50 ? 1 : 0,
      'runs stored before': stored,
      'runs kept': keep,
      'dispatches a second': given.rate,
      'dispatches acknowledged': load.acknowledged,
      'seconds until the backlog had gone': backlogSeconds,
      kills,
      'size before pruning, MiB': sizeBefore,
      'sizes afterwards, MiB': sizes,
      'counts of runs afterwards': counts,
    };
  } finally {
    await load.stop();
    await server?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Dispatches at a rate, whatever the server does, until it is stopped. */
class Load {
  readonly #rate: number;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });
  readonly #open = new Set<Promise<void>>();
  #looping: Promise<void> | null = null;
  #isStopped = false;
  #into: number[] = [];
  acknowledged = 0;
  /** Under way when the server was killed: they may have been taken. */
  unclear = 0;
  /** Null: the server is away, and nothing is due. */
  target: { readonly url: string; readonly path: string } | null = null;

  constructor(rate: number) {
    this.#rate = rate;
  }

  start(): void {
    this.#looping = this.#loop();
  }

  /** Times of the dispatches that were answered during the work, in ms. */
  async during(work: () => Promise<unknown>): Promise<number[]> {
    this.#into = [];
    await work();
    return this.#into;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#looping;
    await Promise.all(this.#open);
    this.#agent.destroy();
  }

  async #loop(): Promise<void> {
    const beganAt = performance.now();
    let sent = 0;
    while (!this.#isStopped) {
      const due = ((performance.now() - beganAt) / 1_000) * this.#rate;
      for (; sent < due; sent++) {
        const { target } = this;
        if (target === null) continue;
        const dueAt = beganAt + (sent / this.#rate) * 1_000;
        const one: Promise<void> = this.#send(target, dueAt).finally(() => this.#open.delete(one));
        this.#open.add(one);
      }
      await sleep(1);
    }
  }

  async #send(target: NonNullable<Load['target']>, dueAt: number): Promise<void> {
    try {
      await dispatch(this.#agent, target);
      this.acknowledged += 1;
      this.#into.push(performance.now() - dueAt);
    } catch (error) {
      // A server that is killed answers nothing; any other refusal is a fault.
      if (this.target === target) throw error;
      this.unclear += 1;
    }
  }
}

function dispatch(agent: Agent, target: { url: string; path: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${testAdminToken}`,
      'content-type': 'application/json',
    };
    const sending = request(
      target.url + target.path,
      { method: 'POST', agent, headers },
      (answer) => {
        answer.resume();
        answer.once('end', () =>
          answer.statusCode === 200
            ? resolve()
            : reject(new Error(`A dispatch was answered ${answer.statusCode}.`)),
        );
        answer.once('error', reject);
      },
    );
    sending.once('error', reject);
    sending.end('{"payload":{"order":"A-1"}}');
  });
}

/** What must be so afterwards, in the database. */
async function judge(
  db: Database,
  of: {
    readonly workspaceId: string;
    readonly keep: number;
    readonly rate: number;
    readonly load: Pick<Load, 'acknowledged' | 'unclear'>;
  },
): Promise<Record<string, number>> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const [row] = await db.query<{ open: number }>(
      `SELECT count(*)::int AS open FROM runs WHERE status IN ('accepted', 'running', 'waiting')`,
    );
    if (row?.open === 0 || Date.now() > deadline) break;
    await sleep(200);
  }
  const [found] = await db.query<Record<string, number>>({
    text: `SELECT
        (SELECT count(*) FROM runs WHERE status NOT IN ('completed'))::int AS "notCompleted",
        -- None of the newest was taken: who was stored and who came in, less what was too many.
        (greatest(0, $2 - (SELECT count(*) FROM runs)))::int AS "tooFew",
        (SELECT greatest(0, count(*) - $4::float8) FROM (SELECT id FROM runs WHERE created_at < (SELECT max(created_at) - interval '1 hour' FROM runs)
          ORDER BY created_at DESC OFFSET $2) late)::int AS "tooOld",
        (SELECT count(*) FROM (SELECT j.run_id FROM journal j LIMIT 2000000) j
          WHERE NOT EXISTS (SELECT 1 FROM runs r WHERE r.id = j.run_id))::int AS "orphanSteps",
        (SELECT greatest(0, $3::bigint - n, n - $3::bigint - $5::bigint) FROM (SELECT coalesce(sum(completed), 0) AS n FROM usage_days
          WHERE workspace_id = $1) counted)::int AS "miscounted"`,
    values: [
      ...[of.workspaceId, of.keep, of.load.acknowledged],
      // What came in since the last pass may have pushed as many over the limit.
      ...[120 * of.rate + of.keep / 50, of.load.unclear],
    ],
  });
  return found ?? {};
}

async function countRuns(db: Database, table = 'runs'): Promise<number> {
  const [row] = await db.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
  return row?.n ?? 0;
}

async function makeAgent(
  server: ServerProcess,
): Promise<{ readonly workspaceId: string; readonly agentId: string }> {
  const workspaces = await server.call<{ data: { id: string }[] }>('GET', '/v1/workspaces');
  const workspaceId = workspaces.body.data[0]?.id ?? '';
  const made = await server.call<{ data: { id: string } }>('POST', '/v1/agents', {
    workspace_id: workspaceId,
    name: 'Instant',
    description: 'Ends at once.',
    instructions: 'Finish.',
    triggers: [{ name: 'By hand', type: 'webhook', config: {} }],
  });
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  return { workspaceId, agentId: made.body.data.id };
}

/** A model in the server's own process that ends every run at once. */
function instantModel(folder: string): Record<string, string> {
  const scripts = join(folder, 'scripts');
  mkdirSync(scripts, { recursive: true });
  const finish = { name: 'finish', arguments: { disposition: 'no_op', response: '' } };
  const script = JSON.stringify({ turns: [{ answer: { tool_calls: [finish] } }] });
  writeFileSync(join(scripts, 'instant.json'), script);
  return { SIGNALBOX_SCRIPTS_DIR: scripts, SIGNALBOX_DEFAULT_MODEL: 'scripted/instant' };
}

function seconds(since: number): number {
  return Math.round((performance.now() - since) / 1_000);
}
