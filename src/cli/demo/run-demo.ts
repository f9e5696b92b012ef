import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiClient, createApiClient, type One } from '../api-client.ts';
import type { DispatchView, RuntimeView, RunView, WorkspaceView } from '../api-types.ts';
import { CliError } from '../cli-error.ts';
import { columnsOf, padded } from '../columns.ts';
import type { CommandContext } from '../command-context.ts';
import { userAgentOf } from '../connection.ts';
import { createExample, exampleFolder, readExample } from '../example.ts';
import { duration } from '../figures.ts';
import { followRun } from '../follow-run.ts';
import type { CliIo } from '../io.ts';
import { sanitizedLine } from '../sanitized.ts';
import type { Terminal } from '../terminal.ts';
import { type ChosenModel, chooseModel, scriptedModel } from './choose-model.ts';
import { startServerProcess } from './server-process.ts';

// The demo is a real server in a throw-away directory and a client of it, and nothing else: all that it
// shows went through the API.

type Screens = Pick<CommandContext, 'io' | 'out' | 'notes'>;

/** Runs the example once and gives the run as it ended. Leaves no process and no file behind. */
export async function runDemo(screens: Screens, signal: AbortSignal): Promise<RunView> {
  const { io, out, notes } = screens;
  const folder = exampleFolder('reservations');
  const example = await readExample(folder);
  const chosen = chooseModel(io.env);
  const token = `capi_${randomBytes(24).toString('base64url')}`;

  await using directory = await throwAwayDirectory();
  out.line(out.style.strong('Signalbox demo'));
  out.line();
  const progress = startProgress(notes, 'starting a server with a database of its own …');
  const startedAt = performance.now();
  await using server = await startServerProcess({
    entryFile: io.entryFile,
    env: serverEnv(io.env, { dataDir: directory.path, token, chosen, folder }),
    signal,
  }).finally(progress.clear);
  const startMs = performance.now() - startedAt;

  const client = createApiClient({ url: server.url, token, userAgent: userAgentOf(io) });
  const untilEnd = AbortSignal.any([signal, server.ended]);
  try {
    await introduce({ client, out, chosen, startMs, dataDir: directory.path, signal: untilEnd });
    return await runExample({ client, out, example, signal: untilEnd });
  } catch (cause) {
    if (signal.aborted || !server.ended.aborted) throw cause;
    throw new CliError(`The server ended in the middle of the demo.\n${server.lastWords()}`, {
      cause,
    });
  }
}

async function runExample(given: {
  readonly client: ApiClient;
  readonly out: Terminal;
  readonly example: Awaited<ReturnType<typeof readExample>>;
  readonly signal: AbortSignal;
}): Promise<RunView> {
  const { client, out, example, signal } = given;
  const root = await client.send<One<{ readonly workspaces: readonly WorkspaceView[] }>>({
    path: '/v1',
    signal,
  });
  const [workspace] = root.body.data.workspaces;
  if (workspace === undefined) throw new CliError('The new server has no workspace.');
  const { agent } = await createExample(client, example, { workspaceId: workspace.id, signal });
  const dispatch = await client.send<One<DispatchView>>({
    method: 'POST',
    path: `/v1/agents/${agent.id}/run`,
    body: `{"payload": ${example.payload}}`,
    signal,
  });
  const { data } = dispatch.body;
  const { run } = await followRun(
    { client, out },
    {
      agentId: agent.id,
      runId: data.id,
      signal,
      head: {
        agent: agent.name,
        runId: data.run_id,
        trigger: `${data.trigger_type} trigger`,
        payload: { value: JSON.parse(example.payload) },
      },
    },
  );
  return run;
}

/** What is about to be shown, and on what it runs here. */
async function introduce(given: {
  readonly client: ApiClient;
  readonly out: Terminal;
  readonly chosen: ChosenModel;
  readonly startMs: number;
  readonly dataDir: string;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { client, out, chosen, startMs, dataDir, signal } = given;
  const { style } = out;
  const runtimes = await client.send<One<readonly RuntimeView[]>>({
    path: '/v1/custom-tools/runtimes',
    signal,
  });
  const languages = runtimes.body.data.map(({ language, version }) => `${language} ${version}`);
  const backend = runtimes.body.data[0]?.backend ?? 'none';
  const lines: [string, string, string][] = [
    ['server', client.url, `ready after ${duration(startMs)}`],
    ['data', dataDir, 'removed at the end'],
    ['sandbox', backend, languages.join(', ')],
    ['model', chosen.model, chosen.reason],
  ];
  const widest = Math.max(...lines.map(([, value]) => columnsOf(value)));
  for (const [name, value, remark] of lines) {
    const shown = padded(sanitizedLine(value), widest);
    out.line(`  ${style.dim(name.padEnd(9))}${shown}  ${style.dim(sanitizedLine(remark))}`);
  }
  out.line();
}

/** The server's settings: the person's own, without what would reach beyond the throw-away directory. */
function serverEnv(
  env: CliIo['env'],
  given: {
    readonly dataDir: string;
    readonly token: string;
    readonly chosen: ChosenModel;
    readonly folder: string;
  },
): Record<string, string | undefined> {
  const { DATABASE_URL: _database, SIGNALBOX_SECRET_KEY: _key, ...rest } = env;
  const { chosen } = given;
  const hasOwnScripts = chosen.isScripted && chosen.model !== scriptedModel;
  return {
    ...rest,
    PORT: '0',
    HOST: '127.0.0.1',
    SIGNALBOX_DATA_DIR: join(given.dataDir, 'data'),
    // A server that is killed cannot remove its temporary files: they go with the directory.
    TMPDIR: given.dataDir,
    SIGNALBOX_ADMIN_TOKEN: given.token,
    SIGNALBOX_DEFAULT_MODEL: chosen.model,
    SIGNALBOX_LOG_LEVEL: env.SIGNALBOX_LOG_LEVEL || 'warn',
    ...(hasOwnScripts ? {} : { SIGNALBOX_SCRIPTS_DIR: join(given.folder, 'scripts') }),
  };
}

async function throwAwayDirectory(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'signalbox-demo-'));
  // The sandbox's own users pass through it to what is shown to them; what is private in it has its own mode.
  await chmod(path, 0o711);
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** A line that stands while something takes its time, on a terminal only. */
function startProgress(terminal: Terminal, text: string): { readonly clear: () => void } {
  if (!terminal.isInteractive) return { clear: () => undefined };
  terminal.write(terminal.style.dim(text));
  return { clear: () => terminal.write('\r\u001b[2K') };
}
