import type { Output } from './terminal.ts';

/** What the commands need of the process that runs them. */
export interface CliIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of this program; the server's log shows it. */
  readonly version: string;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** The file that this process was started with: `demo` starts its server by it. */
  readonly entryFile: string;
  readonly setExitCode: (code: number) => void;
  /** Fires when whoever read the output has gone away, as `head` does: what goes on for it stops. */
  readonly readerGone: AbortSignal;
}

/** What only the process's entry knows; the rest may be replaced. */
export type GivenIo = Partial<CliIo> & Pick<CliIo, 'env' | 'version'>;

/** This process, with what is given in the place of its own. */
export function processIo(given: GivenIo): CliIo {
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    entryFile: process.argv[1] ?? '',
    setExitCode: (code) => {
      process.exitCode = code;
    },
    ...given,
    readerGone: given.readerGone ?? brokenPipe(process.stdout),
  };
}

function brokenPipe(stream: NodeJS.WriteStream): AbortSignal {
  const controller = new AbortController();
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    controller.abort();
  });
  return controller.signal;
}
