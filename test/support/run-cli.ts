import { Command, CommanderError } from 'commander';
import { registerClientCommands } from '../../src/cli/program.ts';

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
