import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { newStandardSecret } from '../../src/core/standard-webhooks.ts';
import { type Database, openDatabase } from '../../src/store/connect.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded/supervisor.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { repositoryRoot } from '../support/source-tree.ts';
import { type Acknowledged, percentile, type Sending, sendWebhooks } from './webhook-sender.ts';

// Webhooks under SIGKILL to the server's whole process group, Postgres included. The sender is outside and
// remembers what it was told; in the end the database is asked.

export interface WebhookProof {
  readonly seed: number;
  /** Sent while the server is killed. */
  readonly webhooks: number;
  readonly kills: number;
  /** Sent again at the end, though they were acknowledged. */
  readonly repeats: number;
  /** Sent before, undisturbed, for the figures; 0 leaves the figures and the bare server out. */
  readonly undisturbed: number;
  readonly atOnce: number;
  readonly report?: (line: string) => void;
}

export async function proveWebhooks(given: WebhookProof): Promise<Record<string, unknown>> {
  const { report = () => undefined } = given;
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-hooks-'));
  try {
    const bare = given.undisturbed === 0 ? {} : await measureBare(folder, given);
    for (const [name, value] of Object.entries(bare)) report(`${name}: ${value}`);
    return { ...(await proveServer(join(folder, 'server'), given)), ...bare };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function proveServer(
  dataDir: string,
  given: WebhookProof,
): Promise<Record<string, number | string>> {
  const { atOnce, report = () => undefined } = given;
  const secret = newStandardSecret();
  const env = { ...scriptedModel(dataDir), SIGNALBOX_MAX_RUNS: '2000' };
  let server: ServerProcess = await startServerProcess({ dataDir, env });
  const acknowledged = new Map<number, Acknowledged>();
  let undisturbed: Sending | null = null;
  let killed: Sending | null = null;
  let wrongRepeats = 0;
  try {
    const path = await makeHook(server, secret);
    const common = { url: () => `${server.url}${path}`, secret, atOnce };
    if (given.undisturbed > 0) {
      const warm = await sendWebhooks({ ...common, from: 0, count: given.undisturbed / 10 });
      for (const entry of warm.acknowledged) acknowledged.set(...entry);
      const from = acknowledged.size;
      undisturbed = await sendWebhooks({ ...common, from, count: given.undisturbed });
      for (const entry of undisturbed.acknowledged) acknowledged.set(...entry);
      report(`undisturbed: ${rate(undisturbed)} a second`);
    }
    const from = acknowledged.size;
    const [killing, onAcknowledged] = killer(given, async (at) => {
      await server.killGroup();
      server = await startServerProcess({ dataDir, env });
      report(`killed at ${at} acknowledged`);
    });
    killed = await sendWebhooks({ ...common, from, count: given.webhooks, onAcknowledged });
    await killing();
    for (const entry of killed.acknowledged) acknowledged.set(...entry);
    const again = await sendWebhooks({ ...common, from, count: given.repeats });
    for (const [n, { status, ...ids }] of again.acknowledged) {
      const first = acknowledged.get(n);
      const isSame = JSON.stringify(ids) === JSON.stringify({ ...first, status: undefined });
      if (status !== 200 || !isSame) wrongRepeats += 1;
    }
    await allEnded(server);
  } finally {
    await server[Symbol.asyncDispose]();
  }
  await using postgres = await startEmbeddedPostgres({ dataDir });
  await using db = openDatabase({ kind: 'embedded', connection: postgres.connection });
  const found = await judge(db, acknowledged);
  return {
    acknowledged: acknowledged.size,
    kills: given.kills,
    'repeated by the sender': killed.repeated,
    ...found,
    wrongRepeats,
    ...(undisturbed === null
      ? {}
      : { ...shown('', undisturbed), 'load of the machine after': load() }),
  };
}

/** Kills at random moments spread over the webhooks: told of each acknowledgement, and awaited at the end. */
function killer(
  given: WebhookProof,
  kill: (at: number) => Promise<void>,
): readonly [() => Promise<void>, (total: number) => void] {
  const random = seededRandom(given.seed);
  const share = given.webhooks / (given.kills + 1);
  const moments = Array.from({ length: given.kills }, (_, index) =>
    Math.floor(share * (index + 0.5 + random())),
  );
  let killing: Promise<void> = Promise.resolve();
  const onAcknowledged = (total: number) => {
    const [moment] = moments;
    if (moment === undefined || total < moment) return;
    moments.shift();
    killing = killing.then(() => kill(total));
    // Awaited at the end; a failure before that must not end the process with the server left behind.
    killing.catch(() => undefined);
  };
  return [() => killing, onAcknowledged];
}

interface Found {
  /** Acknowledged without an event, or as another one. */
  readonly lost: number;
  /** Webhooks with more than one event. */
  readonly doubledEvents: number;
  /** Events without exactly one run, or of another run than the sender was told. */
  readonly wrongRuns: number;
  /** Events and runs that no webhook accounts for. */
  readonly unaccounted: number;
  readonly runsNotCompleted: number;
}

async function judge(
  db: Database,
  acknowledged: ReadonlyMap<number, Acknowledged>,
): Promise<Found> {
  const rows = await db.query<{ id: string; n: number; runs: readonly string[] }>(
    `SELECT e.id, (e.payload::json ->> 'n')::integer AS n,
       coalesce(array_agg(r.id) FILTER (WHERE r.id IS NOT NULL), '{}') AS runs
     FROM trigger_events e LEFT JOIN runs r ON r.trigger_event_id = e.id
     WHERE e.source = 'webhook' GROUP BY e.id`,
  );
  const byNumber = Map.groupBy(rows, ({ n }) => n);
  let lost = 0;
  let wrongRuns = 0;
  for (const [n, told] of acknowledged) {
    const [event] = byNumber.get(n) ?? [];
    if (event?.id !== told.triggerEventId) lost += 1;
    else if (event.runs.length !== 1 || event.runs[0] !== told.runIds[0]) wrongRuns += 1;
  }
  const [runs] = await db.query<{ all: number; completed: number }>(
    `SELECT count(*) AS all, count(*) FILTER (WHERE status = 'completed') AS completed FROM runs`,
  );
  const { all = 0, completed = 0 } = runs ?? {};
  return {
    lost,
    doubledEvents: [...byNumber.values()].filter((events) => events.length > 1).length,
    wrongRuns,
    unaccounted: rows.length - acknowledged.size + (all - acknowledged.size),
    runsNotCompleted: all - completed,
  };
}

/** The same load against a server that only inserts a row: what this machine's disk and HTTP allow. */
async function measureBare(folder: string, given: WebhookProof): Promise<Record<string, unknown>> {
  const program = join(repositoryRoot, 'test', 'proof', 'bare-server-main.ts');
  const child = spawn(process.execPath, [program, join(folder, 'bare')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  try {
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout.on('data', (chunk: Buffer) => {
        const found = /listening on (\S+)/.exec(chunk.toString())?.[1];
        if (found !== undefined) resolve(found);
      });
      child.once('exit', (code) => reject(new Error(`The bare server ended with ${code}.`)));
    });
    const measure = async (way: 'pool' | 'group') => {
      const common = { url: () => `${url}/${way}`, secret: newStandardSecret(), from: 0 };
      const { atOnce, undisturbed: count } = given;
      await sendWebhooks({ ...common, atOnce, count: count / 10 });
      return await sendWebhooks({ ...common, atOnce, count });
    };
    return {
      ...shown('bare server, a commit a row: ', await measure('pool')),
      ...shown('bare server, group commit: ', await measure('group')),
    };
  } finally {
    child.kill('SIGTERM');
    await exited;
  }
}

function shown(prefix: string, sending: Sending): Record<string, number> {
  return {
    [`${prefix}acknowledge p50, ms`]: percentile(sending.latenciesMs, 50),
    [`${prefix}acknowledge p99, ms`]: percentile(sending.latenciesMs, 99),
    [`${prefix}webhooks a second`]: rate(sending),
  };
}

function rate({ acknowledged, seconds }: Sending): number {
  return Math.round(acknowledged.size / seconds);
}

function load(): string {
  return loadavg()[0]?.toFixed(1) ?? '';
}

/** A model in the server's own process that ends every run at once. */
function scriptedModel(dataDir: string): Record<string, string> {
  const scripts = join(dataDir, 'scripts');
  mkdirSync(scripts, { recursive: true });
  const finish = { name: 'finish', arguments: { disposition: 'no_op', response: '' } };
  const script = { turns: [{ answer: { tool_calls: [finish] } }] };
  writeFileSync(join(scripts, 'hook.json'), JSON.stringify(script));
  return { SIGNALBOX_SCRIPTS_DIR: scripts, SIGNALBOX_DEFAULT_MODEL: 'scripted/hook' };
}

/** An agent with a webhook trigger that verifies and knows repeats; the path of its URL. */
async function makeHook(server: ServerProcess, secret: string): Promise<string> {
  const workspaces = await server.call<{ data: { id: string }[] }>('GET', '/v1/workspaces');
  const config = {
    verify: 'standard_webhooks',
    secret,
    dedupe: { header: 'webhook-id' },
  };
  const made = await server.call<{ data: { triggers: { config: { url: string } }[] } }>(
    'POST',
    '/v1/agents',
    {
      workspace_id: workspaces.body.data[0]?.id,
      name: 'Hooked',
      description: 'Is called by webhooks.',
      instructions: 'Finish.',
      triggers: [{ name: 'Hook', type: 'webhook', config }],
    },
  );
  const url = made.body.data?.triggers[0]?.config.url;
  if (url === undefined) throw new Error(`${made.status}: ${JSON.stringify(made.body)}`);
  return url;
}

async function allEnded(server: ServerProcess): Promise<void> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const open = await Promise.all(
      ['accepted', 'running'].map((status) =>
        server.call<{ data: unknown[] }>('GET', `/v1/runs?status=${status}&limit=1`),
      ),
    );
    if (open.every(({ status, body }) => status === 200 && body.data.length === 0)) return;
    if (Date.now() > deadline) return;
    await sleep(200);
  }
}
