import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Argument, Command, Option } from 'commander';
import { registerClientCommands } from './cli/program.ts';
import { redactedConfig } from './config.ts';
import type { Context } from './context.ts';
import { type ToolLanguage, toolLanguages } from './core/custom-tool.ts';
import type { Logger } from './core/logger.ts';
import { type EngineName, engineNames } from './core/run.ts';
import { type Env, InvalidEnv, readEnv } from './env.ts';
import { createLogger } from './logger.ts';

// The process: commands, signals, context, serve. What only the server needs is loaded by the commands
// that need it, so that a client command starts at once.

const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { version: string };

/** How this process was started, for another of its kind. */
const self = [process.execPath, ...process.execArgv, process.argv[1] ?? ''];

const program = new Command('signalbox')
  .description('Runs AI agents as durable, fully traced jobs.')
  .version(version)
  // A command's own option may have the name of one of the program's.
  .enablePositionalOptions();

program
  .command('start')
  .description('Start the server: API, engine and database, until it is stopped')
  .option('--no-worker', 'drive no runs: leave them to workers')
  .action((options: { worker: boolean }) => start(readEnv(process.env), options));

program
  .command('worker')
  .description('Drive runs beside other processes on one database (DATABASE_URL), without an API')
  .addOption(
    new Option('--engine <name>', 'whose runs; default: SIGNALBOX_ENGINE').choices(engineNames),
  )
  .action((options: { engine?: EngineName }) => work(readEnv(process.env), options.engine));

// Started by the engine for runs under suspicion; of no use by hand.
program.command('drive-alone', { hidden: true }).action(() => driveAlone(readEnv(process.env)));

program
  .command('config')
  .description('Print the settings in force; secrets are only said to be set')
  .action(() => print(JSON.stringify(redactedConfig(readEnv(process.env)), null, 2)));

program
  .command('doctor')
  .description('Check what this machine offers, and say what to change')
  .option('--json', 'print JSON')
  .option('--deep', 'look into the database and the object storage as well')
  .action(async (options: { json?: boolean; deep?: boolean }) => {
    const { diagnose } = await import('./doctor.ts');
    const report = await diagnose(readEnv(process.env), options);
    print(options.json === true ? JSON.stringify(report, null, 2) : report.lines.join('\n'));
    if (!report.ok) process.exitCode = 1;
  });

program
  .command('restore')
  .description('Fill an empty database from a backup, while no server uses it')
  .argument('<file>', 'what `signalbox backup` saved')
  .action(async (file: string) => {
    const { restore } = await import('./restore.ts');
    const env = readEnv(process.env);
    const logger = createLogger(env.logLevel);
    const done = await restore({ env, logger, file, signal: stopSignal() });
    print(
      `Restored ${done.rows} rows of ${done.tables} tables, taken ${done.head.taken_at} by ${done.head.version}; ` +
        `${done.openRuns} runs go on with the next start.`,
    );
  });

program
  .command('runtimes')
  .description('The packages that tools may import')
  .command('install')
  .description('Install them into the data directory, and try each in the sandbox')
  .addArgument(new Argument('[language]', 'only its packages').choices(toolLanguages))
  .option('--check', 'install nothing: say whether they are there, and work')
  .action(async (language: ToolLanguage | undefined, options: { check?: boolean }) => {
    const { settleRuntimes } = await import('./runtimes.ts');
    const given = { language: language ?? null, checkOnly: options.check === true };
    const report = await settleRuntimes(readEnv(process.env), given);
    print(report.lines.join('\n'));
    if (!report.ok) process.exitCode = 1;
  });

program
  .command('secrets')
  .description('How secrets are kept')
  .command('rotate-key')
  .description('Bring all secrets under a new secret key (docs/secrets.md)')
  .action(async () => {
    const { rotateSecretKey } = await import('./rotate-secret-key.ts');
    const { ok } = await rotateSecretKey(readEnv(process.env), print);
    if (!ok) process.exitCode = 1;
  });

program
  .command('openapi')
  .description('Write the OpenAPI documents of both dialects to a folder')
  .requiredOption('--out <folder>', 'where to')
  .action(async (options: { out: string }) => {
    const { writeOpenApiDocuments } = await import('./api/openapi-files.ts');
    writeOpenApiDocuments(options.out);
  });

registerClientCommands(program, { env: process.env, version });

try {
  await program.parseAsync(process.argv);
} catch (error) {
  process.stderr.write(`signalbox: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof InvalidEnv ? 2 : 1;
}

/** Serves until a signal comes, or the launcher that started this process is gone. */
async function start(env: Env, { worker }: { readonly worker: boolean }): Promise<void> {
  const logger = createLogger(env.logLevel);
  const stopping = stopSignal();
  await using context = await open(env, logger, stopping);
  await context.drive(worker ? (env.temporal === null ? ['local'] : engineNames) : []);
  context.timers.start();
  const { serveApi } = await import('./api/serve.ts');
  const { readDashboard } = await import('./api/dashboard.ts');
  const dashboard = readDashboard(fileURLToPath(new URL('../dist/web', import.meta.url)));
  const deps = { ...context.api, dashboard };
  await using server = await serveApi({ deps, host: env.host, port: env.port });
  showAdminToken(context);
  print(`Signalbox is listening on ${server.url}`);
  await aborted(stopping);
  logger.info({ reason: String(stopping.reason) }, 'Stopping');
}

/** Drives runs of a database that other processes use too, until a signal comes. */
async function work(env: Env, engine: EngineName = env.engine): Promise<void> {
  if (env.databaseUrl === null) {
    throw new InvalidEnv(
      'A worker needs DATABASE_URL: the embedded database belongs to the one process that started it. Run Postgres as a server, and give `signalbox start` and every worker the same DATABASE_URL and SIGNALBOX_SECRET_KEY.',
    );
  }
  if (engine === 'temporal' && env.temporal === null) {
    throw new InvalidEnv('`--engine temporal` needs TEMPORAL_ADDRESS, such as 127.0.0.1:7233.');
  }
  const logger = createLogger(env.logLevel);
  const stopping = stopSignal();
  await using context = await open(env, logger, stopping);
  await context.drive([engine]);
  context.timers.start();
  showAdminToken(context);
  print('Signalbox worker is driving runs');
  await aborted(stopping);
  logger.info({ reason: String(stopping.reason) }, 'Stopping');
}

/** Drives the runs that the parent hands over, one at a time, until it lets go of the channel. */
async function driveAlone(env: Env): Promise<void> {
  // A signal to the whole group is the parent's to act on; it then lets go of the channel.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
  const logger = createLogger(env.logLevel);
  const { openContext } = await import('./context.ts');
  const { serveAlone } = await import('./engine/serve-alone.ts');
  await using context = await openContext({ env, logger, version });
  await serveAlone({ ...context.alone, channel: process });
}

/** Opens the context, unless the wish to stop comes first: then the process ends within 5 s. */
async function open(env: Env, logger: Logger, stopping: AbortSignal): Promise<Context> {
  const { openContext } = await import('./context.ts');
  let deadline: NodeJS.Timeout | undefined;
  const onStop = () => {
    deadline = setTimeout(() => process.exit(1), 5_000);
  };
  stopping.addEventListener('abort', onStop, { once: true });
  const context = await openContext({ env, logger, version, signal: stopping, program: self });
  stopping.removeEventListener('abort', onStop);
  clearTimeout(deadline);
  return context;
}

function showAdminToken(context: Context): void {
  if (context.mintedAdminToken === null) return;
  print(`Admin token, shown only this once: ${context.mintedAdminToken}`);
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}

/**
 * Fires at the first SIGINT or SIGTERM, or when the launcher has died; a later signal ends at once. A
 * terminal's Ctrl-C comes from several parents, so what follows within a second is the same wish.
 */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  let stoppedAt = 0;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stop.signal.aborted && performance.now() - stoppedAt > 1_000) process.exit(130);
    if (!stop.signal.aborted) stoppedAt = performance.now();
    stop.abort(signal);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  const launcherFd = Number(process.env.SIGNALBOX_LAUNCHER_FD);
  if (Number.isInteger(launcherFd) && launcherFd > 2) {
    const launcher = new Socket({ fd: launcherFd, readable: true, writable: false });
    launcher.on('close', () => stop.abort('The launcher has ended'));
    launcher.on('error', () => {});
    launcher.resume();
    launcher.unref();
  }
  return stop.signal;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
