import type { Command } from 'commander';
import { type ApiClient, createApiClient } from './api-client.ts';
import { exitCodes, reportError } from './cli-error.ts';
import { connectionFrom } from './connection.ts';
import type { CliIo } from './io.ts';
import { createTerminal, type Terminal } from './terminal.ts';

/** Options that every command has which talks to a server. */
export interface ClientOptions {
  readonly url?: string;
  readonly token?: string;
  readonly profile?: string;
  readonly workspace?: string;
  readonly json?: boolean;
}

export interface CommandContext {
  readonly io: CliIo;
  readonly client: ApiClient;
  readonly out: Terminal;
  /** For what is no answer: progress, notes, errors. */
  readonly notes: Terminal;
}

const workspaceFlag = [
  '--workspace <id>',
  'which, where the token reaches several (SIGNALBOX_WORKSPACE)',
] as const;

/** Adds `--url`, `--token`, `--profile`, `--workspace` and, where the answer can be printed as it is, `--json`. */
export function withClientOptions(
  command: Command,
  options: { readonly json?: boolean } = {},
): Command {
  command
    .option('--url <url>', 'address of the server (SIGNALBOX_URL; default http://127.0.0.1:4870)')
    .option('--token <token>', 'bearer token (SIGNALBOX_TOKEN or SIGNALBOX_ADMIN_TOKEN)')
    .option('--profile <name>', 'a server kept by `signalbox profiles` (SIGNALBOX_PROFILE)')
    .option(...workspaceFlag);
  if (options.json !== false) command.option('--json', "print the API's answer");
  return command;
}

/** Runs a command against the server that its options name; an error is printed and sets the exit code. */
export async function withServer(
  io: CliIo,
  options: ClientOptions,
  command: (context: CommandContext) => Promise<void>,
): Promise<void> {
  await reporting(io, async () => {
    const client = createApiClient(connectionFrom(options, io));
    const out = createTerminal(io.stdout, io.env);
    const notes = createTerminal(io.stderr, io.env);
    await command({ io, client, out, notes });
  });
}

export async function reporting(io: CliIo, command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    if (io.readerGone.aborted) return io.setExitCode(exitCodes.readerGone);
    io.setExitCode(reportError(error, createTerminal(io.stderr, io.env)));
  }
}
