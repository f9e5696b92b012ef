import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { apiRoutes } from '../../src/api/app.ts';
import { createSecretBox } from '../../src/core/secret-box.ts';
import type { Database } from '../../src/store/connect.ts';
import { fieldKindsOf } from '../support/foreign-ids.ts';
import type { ObjectMaker } from '../support/object-maker.ts';
import { createRouteObjects, type RouteObjects } from '../support/route-objects.ts';
import { paramsOf } from '../support/route-requests.ts';
import {
  type ServerProcess,
  startServerProcess,
  testAdminToken,
} from '../support/server-process.ts';
import { repositoryRoot } from '../support/source-tree.ts';
import { type LinkedDocument, withLinks } from './fuzz-links.ts';
import { openOwnDatabase } from './own-database.ts';

// Schemathesis against a real server: requests made of both OpenAPI documents, valid and not, single and in
// chains, and every answer held against the document. See fuzz/ for its settings.

export interface FuzzRound {
  /** Both documents: `conduit`, `neo`. */
  readonly dialects: readonly ('conduit' | 'neo')[];
  readonly phases: string;
  /** Examples for each operation and phase; and how many calls in chains. */
  readonly examples: number;
  readonly maxSeconds: number;
  /** Not for the number of requests: made of the document alone, which makes the same again, or slow. */
  readonly isOnce?: true;
  /** Of the admin, who must name the workspace, or of one workspace. */
  readonly caller: 'admin' | 'write';
}

export interface FuzzFigures {
  readonly operations: number;
  readonly requests: number;
  readonly failures: number;
  /** Failures of the tool itself: nothing was judged. */
  readonly errors: number;
  readonly found: readonly string[];
}

interface Report {
  readonly operations: { readonly tested: number };
  readonly test_cases: { readonly generated: number; readonly errored: number };
  readonly failures: readonly { readonly title: string; readonly operations: readonly string[] }[];
  readonly errors: readonly unknown[];
}

const secretKey = 'a secret key of the fuzz, of no use elsewhere';
const here = join(repositoryRoot, 'test', 'proof', 'fuzz');

/**
 * Every round once for each of its documents, with objects of its own, and again until so many requests were judged.
 */
export async function fuzzServer(given: {
  readonly db: Database;
  readonly databaseUrl: string;
  /** The folder of a Python environment with Schemathesis: see fuzz/install.sh. */
  readonly environment: string;
  readonly seed: number;
  readonly requests: number;
  readonly rounds: readonly FuzzRound[];
  /** No more rounds, and no longer ones, than there is time for; default: as long as it takes. */
  readonly endAt?: Date;
  /** How many processes make requests at a time; default 1. Their time is limited, whatever they have to share. */
  readonly parallel?: number;
  readonly report?: (line: string) => void;
}): Promise<FuzzFigures> {
  const { seed, rounds, parallel = 1, report = () => undefined } = given;
  const secondsLeft = () =>
    given.endAt === undefined
      ? Number.POSITIVE_INFINITY
      : (given.endAt.getTime() - Date.now()) / 1_000;
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-fuzz-'));
  const found: string[] = [];
  const sum = { operations: 0, requests: 0, failures: 0, errors: 0 };
  try {
    await using server = await startServerProcess({
      dataDir: folder,
      env: {
        ...scriptedModel(folder),
        DATABASE_URL: given.databaseUrl,
        SIGNALBOX_SECRET_KEY: secretKey,
        // Nobody is there.
        SIGNALBOX_SMTP_URL: 'smtp://127.0.0.1:9',
      },
    });
    const fuzz = async ({ round: whole, dialect, number }: FuzzJob) => {
      const maxSeconds = Math.max(5, Math.ceil(Math.min(whole.maxSeconds, secondsLeft())));
      const round = { ...whole, maxSeconds };
      const own = join(folder, `${dialect}-${number}`);
      mkdirSync(own);
      const place = await preparePlace(server, given.db, { folder: own, dialect, round });
      const facts = { ...given, ...place, url: server.url, dialect, round, folder: own };
      const one = await runSchemathesis({ ...facts, seed: seed + number });
      sum.operations = Math.max(sum.operations, one.operations.tested);
      sum.requests += one.test_cases.generated;
      sum.failures += one.failures.reduce((all, { operations }) => all + operations.length, 0);
      sum.errors += one.errors.length + one.test_cases.errored;
      found.push(
        ...one.errors.map((error) => `error: ${JSON.stringify(error).slice(0, 1_000)}`),
        ...one.failures.flatMap(({ title, operations }) =>
          operations.map((name) => `${title}: ${name}`),
        ),
      );
      report(
        `${dialect}, round ${number + 1} (${round.phases}, ${round.caller}): ${one.test_cases.generated} requests, ${one.failures.length} kinds of failure`,
      );
    };
    const jobs = jobsOf(rounds, () => sum.requests < given.requests);
    const work = async () => {
      for (const job of jobs) {
        if (secondsLeft() <= 0) return;
        await fuzz(job);
      }
    };
    await Promise.all(Array.from({ length: parallel }, work));
    keepLog('server', server.output());
    return { ...sum, found };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface FuzzJob {
  readonly round: FuzzRound;
  readonly dialect: 'conduit' | 'neo';
  /** Of the round, counted over all repetitions. */
  readonly number: number;
}

/** Every round once, and those that can be something else another time again for as long as `isMore` says. */
function* jobsOf(rounds: readonly FuzzRound[], isMore: () => boolean): Generator<FuzzJob> {
  const repeated = rounds.filter(({ isOnce }) => isOnce !== true);
  for (let number = 0; number < rounds.length || isMore(); number++) {
    const round = rounds[number] ?? repeated[number % repeated.length];
    if (round === undefined) return;
    for (const dialect of round.dialects) yield { round, dialect, number };
  }
}

/** The long form: all phases, by turns as the admin and as a token of one workspace. */
export async function proveFuzz(given: {
  readonly seed: number;
  readonly requests: number;
  readonly endAt?: Date;
  readonly report?: (line: string) => void;
}): Promise<FuzzFigures> {
  const environment = join(repositoryRoot, '.cache', 'fuzz');
  execFileSync('sh', [join(here, 'install.sh'), environment], { stdio: 'inherit' });
  await using own = await openOwnDatabase();
  const both = { dialects: ['conduit', 'neo'] as const, examples: 100, maxSeconds: 1_200 };
  const rounds = (['admin', 'write'] as const).flatMap((caller): FuzzRound[] => [
    { ...both, caller, phases: 'examples,coverage', isOnce: true },
    { ...both, caller, phases: 'fuzzing', maxSeconds: 300 },
    { ...both, caller, phases: 'stateful', maxSeconds: 150, isOnce: true },
  ]);
  // Making requests takes longer than answering them, and a process makes them on one core, or waits for an answer.
  const parallel = availableParallelism() + 1;
  return await fuzzServer({
    ...{ ...given, environment, rounds, parallel },
    ...{ db: own.db, databaseUrl: own.url },
  });
}

/** Fresh objects in a workspace of their own, and others for what deletes; where the hooks find them. */
async function preparePlace(
  server: ServerProcess,
  db: Database,
  given: {
    readonly folder: string;
    readonly dialect: 'conduit' | 'neo';
    readonly round: FuzzRound;
  },
): Promise<{ readonly token: string; readonly objectsFile: string }> {
  const { folder, dialect, round } = given;
  const workspace = await makeWorkspace(server);
  const maker = makerOf(server, db);
  const own = await createRouteObjects(maker, workspace);
  const doomed = {
    ...(await createRouteObjects(maker, workspace)),
    workspace: await makeWorkspace(server),
  };
  const made = await ask<{ data: { token: string } }>(server, 'POST', '/v1/tokens', {
    name: 'Fuzz',
    access: 'write',
    workspace_ids: [workspace],
  });
  const objectsFile = join(folder, `objects-${dialect}.json`);
  const isAdmin = round.caller === 'admin';
  writeFileSync(
    objectsFile,
    JSON.stringify({
      workspace: isAdmin ? workspace : null,
      objects: hintsFor(dialect, own, doomed),
    }),
  );
  return { token: isAdmin ? testAdminToken : made.body.data.token, objectsFile };
}

/** Others fuzz meanwhile: what is too much just now is sent again when the answer says. */
async function ask<T>(server: ServerProcess, ...request: Parameters<ServerProcess['call']>) {
  for (;;) {
    const answer = await server.call<T>(...request);
    if (![429, 503].includes(answer.status)) return answer;
    await sleep(1_000 * Number(answer.headers.get('retry-after') ?? 1));
  }
}

async function makeWorkspace(server: ServerProcess): Promise<string> {
  const made = await ask<{ data: { id: string } }>(server, 'POST', '/v1/workspaces', {
    name: 'Fuzzed',
  });
  return made.body.data.id;
}

function makerOf(server: ServerProcess, db: Database): ObjectMaker {
  return {
    tokens: { admin: testAdminToken },
    deps: { db, secretBox: createSecretBox(secretKey) },
    request: async (method, path, options = {}) => {
      const { body, headers } = options;
      const answer = await ask<unknown>(server, method, path, body, headers);
      return { ...answer, text: JSON.stringify(answer.body), json: answer.body };
    },
  };
}

function hintsFor(dialect: 'conduit' | 'neo', own: RouteObjects, doomed: RouteObjects) {
  const routes = apiRoutes().filter((one) => one.dialect.name === dialect);
  return Object.fromEntries(
    routes.map(({ route }) => {
      const objects = route.method === 'delete' ? doomed : own;
      const fields = Object.entries(fieldKindsOf(route)).map(([name, kind]) => [
        name,
        objects[kind],
      ]);
      return [
        `${route.method.toUpperCase()} ${route.path}`,
        {
          path: paramsOf(route, objects),
          fields: Object.fromEntries(fields),
          workspace: route.workspace === 'none' ? null : route.workspace.from,
        },
      ];
    }),
  );
}

async function runSchemathesis(given: {
  readonly environment: string;
  readonly folder: string;
  readonly objectsFile: string;
  readonly token: string;
  readonly url: string;
  readonly dialect: 'conduit' | 'neo';
  readonly round: FuzzRound;
  readonly seed: number;
}): Promise<Report> {
  const { folder, round, dialect } = given;
  const reportFile = join(folder, `report-${dialect}.json`);
  rmSync(reportFile, { force: true });
  const documentFile = join(folder, `openapi-${dialect}.json`);
  const shown = await fetch(
    `${given.url}${dialect === 'conduit' ? '/v1' : '/public-api'}/openapi.json`,
  );
  writeFileSync(documentFile, JSON.stringify(withLinks((await shown.json()) as LinkedDocument)));
  const child = spawn(
    join(given.environment, 'bin', 'schemathesis'),
    [
      ...['--config-file', join(here, 'schemathesis.toml')],
      ...['run', documentFile, '--url', given.url],
      ...['--header', `Authorization: Bearer ${given.token}`],
      ...['--checks', 'all', '--phases', round.phases, '--max-examples', String(round.examples)],
      ...['--max-time', String(round.maxSeconds), '--seed', String(given.seed)],
      ...['--continue-on-failure', '--no-shrink', '--suppress-health-check', 'all'],
      ...['--request-timeout', '60', '--report', 'json', '--report-json-path', reportFile],
    ],
    {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH ?? '',
        HOME: folder,
        // What it computes of Unicode takes seconds, and is the same every time.
        HYPOTHESIS_STORAGE_DIRECTORY: join(given.environment, 'hypothesis'),
        PYTHONDONTWRITEBYTECODE: '1',
        SCHEMATHESIS_HOOKS: join(here, 'hooks.py'),
        FUZZ_OBJECTS: given.objectsFile,
      },
    },
  );
  const written: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => written.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => written.push(chunk));
  await once(child, 'close');
  const log = Buffer.concat(written).toString();
  keepLog(`${dialect}-${round.caller}-${given.seed}`, log);
  try {
    return JSON.parse(readFileSync(reportFile, 'utf8')) as Report;
  } catch (cause) {
    throw new Error(`Schemathesis made no report:\n${log.slice(-4_000)}`, { cause });
  }
}

/** Whole logs, for who has to mend what was found. */
function keepLog(name: string, text: string): void {
  const folder = process.env.SIGNALBOX_FUZZ_LOG;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.log`), text);
}

/** A model in the server’s own process that ends every run at once. */
function scriptedModel(folder: string): Readonly<Record<string, string>> {
  const scripts = join(folder, 'scripts');
  mkdirSync(scripts, { recursive: true });
  const finish = { name: 'finish', arguments: { disposition: 'no_op', response: '' } };
  const script = { turns: [{ answer: { tool_calls: [finish] } }] };
  writeFileSync(join(scripts, 'fuzz.json'), JSON.stringify(script));
  return { SIGNALBOX_SCRIPTS_DIR: scripts, SIGNALBOX_DEFAULT_MODEL: 'scripted/fuzz' };
}
