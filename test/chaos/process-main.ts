import { spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { DriveDeps } from '../../src/engine/drive-run.ts';
import { LocalEngine } from '../../src/engine/local.ts';
import { serveAlone } from '../../src/engine/serve-alone.ts';
import { createModelClient } from '../../src/models/client.ts';
import { cancelRun } from '../../src/runs/cancel.ts';
import { createDefinitions } from '../../src/runs/definitions.ts';
import { dispatchRun } from '../../src/runs/dispatch.ts';
import { forkRun } from '../../src/runs/fork.ts';
import { loadRun } from '../../src/runs/load.ts';
import { getAgent } from '../../src/store/agents.ts';
import { openDatabase, writingOptions } from '../../src/store/connect.ts';
import { hashBody } from '../../src/store/idempotency.ts';
import { readJournal } from '../../src/store/journal.ts';
import type { JournalUnit } from '../../src/store/journal-unit.ts';
import { createJournalWriter } from '../../src/store/journal-writer.ts';
import { pauseAgentRow, resumeAgentRow } from '../../src/store/pauses.ts';
import { createRunCreator } from '../../src/store/run-creator.ts';
import { getRun } from '../../src/store/runs.ts';
import { startCluster } from '../support/cluster.ts';
import { functionTool, silent } from '../support/engine.ts';
import { fakeApiKey } from '../support/fake-provider.ts';
import type { ChaosProcessSettings } from './chaos-process.ts';
import { forkedNumber } from './plan.ts';

// A process of the chaos: the real engine, writer and dispatch queue, a real model client, tools that write
// to the ledger of the harness. It keeps a file of what its writer was asked to commit and what it was told.
//   node test/chaos/process-main.ts SETTINGS [drive-alone]

const settings = JSON.parse(process.argv[2] ?? '{}') as ChaosProcessSettings;
shiftClock(settings.clockOffsetMs);

const db = openDatabase({ kind: 'url', url: settings.databaseUrl }, { max: 10 });
const writing = openDatabase({ kind: 'url', url: settings.databaseUrl }, writingOptions);
const writer = createJournalWriter(writing);
const creator = createRunCreator(writing);
const commits = new EventEmitter();
commits.setMaxListeners(0);
const models = createModelClient({
  providers: { 'openai-compatible': { baseUrl: `${settings.modelUrl}/v1`, apiKey: fakeApiKey } },
});

/** Written before the unit leaves: a unit that is not in the file was never asked for. */
const note = (fields: object) =>
  appendFileSync(join(settings.notesDir, `${process.pid}.jsonl`), `${JSON.stringify(fields)}\n`);
const notingWriter = {
  async submit(unit: JournalUnit) {
    const { unitId, runId, owner, epoch } = unit;
    note({ unitId, runId, owner, epoch });
    const said = await writer.submit(unit);
    note({ unitId, said });
    return said;
  },
};

const tool = (name: string, idempotent: boolean, size = 0) =>
  functionTool(
    name,
    async (_, { key, signal }) => {
      const body = JSON.stringify({ tool: name, key, pid: process.pid });
      const answer = await fetch(`${settings.ledgerUrl}/calls`, { method: 'POST', body, signal });
      return size === 0 ? await answer.json() : 'x'.repeat(size);
    },
    { idempotent },
  );
const tools = [tool('count', true), tool('pay', false), tool('dump', true, 80_000)];

const definitions = createDefinitions(db);
const logger = {
  ...silent,
  error: (fields: object, text: string) => note({ error: text, ...fields }),
};
const deps: DriveDeps = {
  db,
  advance: { models, now: () => new Date() },
  load: (run) =>
    loadRun(
      {
        db,
        writer: notingWriter,
        definitions,
        toolsFor: async () => tools,
        models,
        defaultModel: null,
      },
      run,
    ),
  logger,
  commits,
};
const { processName, times } = settings;

if (process.argv[3] === 'drive-alone') {
  note({ alone: true });
  await serveAlone({ deps, membership: { db, processName, logger, ...times }, channel: process });
  await writer[Symbol.asyncDispose]();
  await writing[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
} else {
  await serve();
}

async function serve(): Promise<void> {
  const driving = {
    ...{ ...deps, ...times, processName, commits },
    alone: {
      spawn: () =>
        spawn(process.execPath, [process.argv[1] ?? '', process.argv[2] ?? '', 'drive-alone'], {
          stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        }),
      maxChildren: 2,
      // Here processes die by the harness, never by a run.
      maxStrikes: 1_000,
    },
  };
  const { cluster, host } = settings;
  const engine =
    cluster === null
      ? new LocalEngine({ ...driving, maxRuns: 100, drainMs: 2_000 })
      : await startCluster({ ...cluster, driver: driving, drainMs: 2_000 });
  if (engine instanceof LocalEngine) await engine.start();
  const server = createServer((request, response) => {
    const [, what, id = ''] = (request.url ?? '').split('/');
    const answer = order(what, id);
    answer.then(
      (body) => response.end(JSON.stringify(body)),
      () => response.writeHead(503).end(),
    );
  });
  server.listen(0, host, () => {
    process.stdout.write(`http://${host}:${(server.address() as AddressInfo).port}\n`);
  });
  process.once('SIGTERM', async () => {
    server.close();
    server.closeAllConnections();
    await engine[Symbol.asyncDispose]();
    await creator[Symbol.asyncDispose]();
    await writer[Symbol.asyncDispose]();
    await writing[Symbol.asyncDispose]();
    await db[Symbol.asyncDispose]();
  });

  function order(what = '', id: string): Promise<unknown> {
    switch (what) {
      case 'dispatch':
        return dispatch(Number(id));
      case 'fork':
        return fork(id);
      case 'pause':
        return pauseAgentRow(db, 'all', settings.agentId);
      case 'resume':
        return resumeAgentRow(db, 'all', settings.agentId);
      default:
        return cancel(id);
    }
  }

  /** From the last call of a tool on, or from the start; under a number of its own. */
  async function fork(id: string): Promise<unknown> {
    const origin = await getRun(db, 'all', id);
    if (origin === null) throw new Error(`There is no run ${id}.`);
    const calls = (await readJournal(db, id)).filter((entry) => entry.type === 'tool');
    const n = forkedNumber(JSON.parse(origin.payloadJson).n);
    const result = await forkRun(
      { db, creator, models, defaultModel: null, engine },
      {
        ...{ scope: 'all', id, fromStep: String(calls.at(-1)?.step ?? 1) },
        ...{ instructions: null, model: null, payloadJson: `{"n":${n}}` },
        ...{ toolResults: new Map(), traceparent: null, idempotency: null },
      },
    );
    return result.kind === 'dispatched' ? { id: result.id } : {};
  }

  async function dispatch(n: number): Promise<unknown> {
    const agent = await getAgent(db, 'all', settings.agentId);
    if (agent === null) throw new Error('There is no agent.');
    const result = await dispatchRun(
      { db, creator, models, defaultModel: null, engine },
      {
        ...{ agent, trigger: null, source: 'manual', payloadJson: `{"n":${n}}` },
        ...{ entityId: null, additionalInstructions: null, traceparent: null },
        idempotency: {
          ...{ route: 'chaos', key: `run-${n}`, bodyHash: hashBody(`${n}`), status: 200 },
          response: ({ id }) => JSON.stringify({ id }),
        },
      },
    );
    if (result.kind === 'repeated') return JSON.parse(result.response);
    if (result.kind !== 'dispatched') throw new Error(result.kind);
    return { id: result.id };
  }

  async function cancel(id: string): Promise<unknown> {
    const run = await cancelRun({ db, engine }, { scope: 'all', id, by: 'the chaos' });
    return { status: run.status };
  }
}

/** This process's wall clock is off from here on; its monotonic one is not. */
function shiftClock(offsetMs: number): void {
  const RealDate = globalThis.Date;
  class ShiftedDate extends RealDate {
    constructor(...given: [] | [number | string | Date]) {
      if (given.length === 0) super(RealDate.now() + offsetMs);
      else super(...given);
    }
    static override now(): number {
      return RealDate.now() + offsetMs;
    }
  }
  if (offsetMs !== 0) Object.assign(globalThis, { Date: ShiftedDate });
}
