import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { Command } from 'commander';
import { writeOpenApiDocuments } from './api/openapi-files.ts';
import { serveApi } from './api/serve.ts';
import { registerClientCommands } from './cli/program.ts';
import { redactedConfig } from './config.ts';
import { openContext } from './context.ts';
import { diagnose } from './doctor.ts';
import { type Env, InvalidEnv, readEnv } from './env.ts';
import { createLogger } from './logger.ts';

// The process: commands, signals, context, serve.

const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { version: string };

const program = new Command('signalbox')
  .description('Runs AI agents as durable, fully traced jobs.')
  .version(version);

program
  .command('start')
  .description('Start the server: API, engine and database, until it is stopped')
  .action(() => start(readEnv(process.env)));

program
  .command('config')
  .description('Print the settings in force; secrets are only said to be set')
  .action(() => print(JSON.stringify(redactedConfig(readEnv(process.env)), null, 2)));

program
  .command('doctor')
  .description('Check what this machine offers, and say what to change')
  .option('--json', 'print JSON')
  .action(async (options: { json?: boolean }) => {
    const report = await diagnose(readEnv(process.env));
    print(options.json === true ? JSON.stringify(report, null, 2) : report.lines.join('\n'));
    if (!report.ok) process.exitCode = 1;
  });

program
  .command('openapi')
  .description('Write the OpenAPI documents of both dialects to a folder')
  .requiredOption('--out <folder>', 'where to')
  .action((options: { out: string }) => writeOpenApiDocuments(options.out));

registerClientCommands(program, { env: process.env, version });

try {
  await program.parseAsync(process.argv);
} catch (error) {
  process.stderr.write(`signalbox: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof InvalidEnv ? 2 : 1;
}

/** Serves until a signal comes, or the launcher that started this process is gone. */
async function start(env: Env): Promise<void> {
  const logger = createLogger(env.logLevel);
  const stopping = stopSignal();
  await using context = await openContext({ env, logger, version, signal: stopping });
  await context.engine.start();
  await using server = await serveApi({ deps: context.api, host: env.host, port: env.port });
  if (context.mintedAdminToken !== null) {
    print(`Admin token, shown only this once: ${context.mintedAdminToken}`);
  }
  print(`Signalbox is listening on ${server.url}`);
  if (!stopping.aborted) {
    await new Promise((resolve) => stopping.addEventListener('abort', resolve, { once: true }));
  }
  logger.info({ reason: String(stopping.reason) }, 'Stopping');
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
