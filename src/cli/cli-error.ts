import { sanitized } from './sanitized.ts';
import type { Terminal } from './terminal.ts';

/** Exit codes beyond 0: what a script can tell apart. */
export const exitCodes = {
  /** The command failed, or the run it waited for did. */
  failed: 1,
  /** Waiting ended before the run did. */
  stillRunning: 3,
  /** Nobody reads the output any more: what a shell reports for SIGPIPE. */
  readerGone: 141,
} as const;

/** What ends a command: what is wrong, and what to do about it. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly hint: string | null;
  readonly exitCode: number;

  constructor(
    message: string,
    options: {
      readonly hint?: string | null;
      readonly exitCode?: number;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.hint = options.hint ?? null;
    this.exitCode = options.exitCode ?? exitCodes.failed;
  }
}

/** Prints an error with its hint and gives the exit code for it. */
export function reportError(error: unknown, terminal: Terminal): number {
  const { style } = terminal;
  if (error instanceof CliError) {
    terminal.line(`${style.bad('error:')} ${sanitized(error.message)}`);
    if (error.hint !== null) terminal.line(`${style.dim('hint:')} ${sanitized(error.hint)}`);
    return error.exitCode;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.line(`${style.bad('error:')} ${sanitized(text)}`);
  terminal.line(`${style.dim('hint:')} This is a defect of signalbox; please report it.`);
  return exitCodes.failed;
}
