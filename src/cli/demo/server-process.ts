import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { CliError } from '../cli-error.ts';

export interface ServerProcess extends AsyncDisposable {
  readonly url: string;
  /** Fires when the server has ended, asked or not. */
  readonly ended: AbortSignal;
  /** The last lines that it wrote to standard error. */
  lastWords(): string;
}

export interface ServerProcessOptions {
  /** The file that starts Signalbox. */
  readonly entryFile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Until it listens; the first start of a database on a slow disk takes its time. */
  readonly startTimeoutMs?: number;
}

const listening = /^Signalbox is listening on (\S+)$/;
const keptLines = 20;
/** The server stops its own database within its own deadlines, which are shorter. */
const stopTimeoutMs = 30_000;
const launcherFd = 3;

/**
 * Starts `signalbox start` and waits until it listens. Disposing stops it and its database cleanly. Should
 * this process die first, even by SIGKILL, the server sees its end of a pipe close, and stops.
 */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const { entryFile, env, signal, startTimeoutMs = 120_000 } = options;
  signal.throwIfAborted();
  const child = spawn(process.execPath, [entryFile, 'start'], {
    env: { ...env, SIGNALBOX_LAUNCHER_FD: String(launcherFd) },
    // A process group of its own: Ctrl-C is ours to handle, and comes to it as one orderly stop.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  child.stdio[launcherFd]?.on('error', () => {});
  const ended = endOf(child);
  const words = keepLastLines(child);
  const lastWords = () => words.join('\n');
  try {
    const url = await listeningUrl(child, {
      signal: AbortSignal.any([signal, ended]),
      timeoutMs: startTimeoutMs,
    });
    return { url, ended, lastWords, [Symbol.asyncDispose]: () => stop(child, ended) };
  } catch (cause) {
    const how = ended.aborted ? ` (${endingOf(child)})` : ` within ${startTimeoutMs / 1_000} s`;
    await stop(child, ended);
    signal.throwIfAborted();
    throw new CliError(`The server did not start${how}.\n${lastWords() || 'It said nothing.'}`, {
      hint: '`signalbox doctor` checks what this machine offers.',
      cause,
    });
  }
}

function endingOf(child: ChildProcess): string {
  return (
    child.signalCode ?? (child.exitCode === null ? 'no process' : `exit code ${child.exitCode}`)
  );
}

function endOf(child: ChildProcess): AbortSignal {
  const controller = new AbortController();
  child.once('exit', () => controller.abort(new Error('The server has ended.')));
  child.once('error', (error) => controller.abort(error));
  return controller.signal;
}

function keepLastLines(child: ChildProcess): string[] {
  const kept: string[] = [];
  if (child.stderr === null) return kept;
  createInterface({ input: child.stderr }).on('line', (line) => {
    kept.push(line);
    if (kept.length > keptLines) kept.shift();
  });
  return kept;
}

async function listeningUrl(
  child: ChildProcess,
  { signal, timeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<string> {
  if (child.stdout === null) throw new Error('The server has no standard output.');
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  // Read to the end also after that line: a full pipe would stop the server.
  const lines = createInterface({ input: child.stdout });
  const found = new Promise<string>((resolve) => {
    lines.on('line', (line) => {
      const url = listening.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
  limit.throwIfAborted();
  const stopped = once(limit, 'abort').then(() => Promise.reject(limit.reason));
  return await Promise.race([found, stopped]);
}

async function stop(child: ChildProcess, ended: AbortSignal): Promise<void> {
  if (ended.aborted) return;
  const end = once(ended, 'abort');
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  await end;
  clearTimeout(kill);
}
