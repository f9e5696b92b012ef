import { Command, CommanderError } from 'commander';
import { registerClientCommands } from '../../src/cli/program.ts';
import { createTinyServer, type SeenRequest, sendJson } from './tiny-server.ts';

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the client commands in this process, as on a pipe: no colours, no widths. */
export async function runCli(
  args: readonly string[],
  options: { readonly env?: Record<string, string>; readonly stdin?: string } = {},
): Promise<CliResult> {
  let code = 0;
  let stdout = '';
  let stderr = '';
  const out = (text: string) => {
    stdout += text;
  };
  const err = (text: string) => {
    stderr += text;
  };
  const program = new Command('signalbox')
    .exitOverride()
    .configureOutput({ writeOut: out, writeErr: err });
  registerClientCommands(program, {
    env: options.env ?? {},
    version: '0.0.0-test',
    stdin: (async function* () {
      yield options.stdin ?? '';
    })(),
    stdout: { write: out },
    stderr: { write: err },
    readerGone: new AbortController().signal,
    setExitCode: (value) => {
      code = value;
    },
  });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    code = error.exitCode;
  }
  return { code, stdout, stderr };
}

/** Runs the client commands against a server with these answers by `METHOD /path`; 404 to everything else. */
export async function cliAgainst(
  routes: Readonly<Record<string, unknown>>,
  args: readonly string[],
): Promise<CliResult & { readonly seen: readonly SeenRequest[] }> {
  await using server = await createTinyServer((request, response) => {
    const route = `${request.method} ${request.path}`;
    if (routes[route] !== undefined) return sendJson(response, routes[route]);
    sendJson(response, { error: `no route ${route}` }, { status: 404 });
  });
  const env = { SIGNALBOX_URL: server.url, SIGNALBOX_TOKEN: 'capi_test' };
  return { ...(await runCli(args, { env })), seen: server.seen };
}
