import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Duplex, Readable, Writable } from 'node:stream';
import { type SandboxCall, type SandboxOutcome, SandboxUnavailable } from '../core/sandbox.ts';
import { CapturedLogs } from './captured-logs.ts';
import { encodeRequest, type Frame, FrameReader, frameKinds, makeNonce } from './channel.ts';
import { javascriptForm } from './check/javascript-form.ts';
import { limits } from './limits.ts';
import { type RunnerOutcome, readFailure, readResult } from './read-result.ts';

// One call in one process, seen from the server: start it, hand over the request, read what comes back,
// end it, and only then answer. Both backends use it; they differ in the command.
//
// - The tool's clock starts with the runner's `started` frame, so an interpreter's start is not the tool's time.
// - Whatever happens first decides (result, failure, exit, deadline, abort, flood); then everything is killed.
// - The answer waits until every pipe is closed: nothing that could still print is left.

export interface RunnerCommand {
  readonly path: string;
  readonly args: readonly string[];
  /** `fd3`: requests and frames on descriptor 3, prints on 1 and 2. `stdio`: on 0 and 1, prints on 2. */
  readonly channel: 'fd3' | 'stdio';
  /** Bytes offered on descriptor 4; only with `fd3`. */
  readonly filter: Buffer | null;
  /** An open file of the server's, passed on as descriptor 3; only with `stdio`. */
  readonly openFile: number | null;
  /** Bytes for the runner before the request. */
  readonly preamble: readonly Buffer[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly identity: { readonly uid: number; readonly gid: number } | null;
}

export interface RunCallOptions {
  readonly command: RunnerCommand;
  readonly call: SandboxCall;
  /** Called with the process's id when the code runs and has printed something. */
  readonly onFirstPrint?: (pid: number) => void;
}

/** Throws `SandboxUnavailable` when the runner could not be started or could not be ended. */
export async function runCall(options: RunCallOptions): Promise<SandboxOutcome> {
  const { command, call } = options;
  if (call.mayStart?.() === false || call.signal?.aborted) {
    return { ok: false, ...aborted, logs: null, runTimeMs: 0 };
  }
  const child = startProcess(command);
  const logs = new CapturedLogs(limits.maxLogsBytes);
  const nonce = makeNonce();
  const frames = new FrameReader(nonce, limits.maxResultBytes * 2);
  const ended = Promise.withResolvers<RunnerOutcome | SandboxUnavailable>();
  let startedAt: number | null = null;
  let runTimeMs = 0;
  let lastPrinted = '';

  const end = (how: RunnerOutcome | SandboxUnavailable) => {
    if (startedAt !== null && runTimeMs === 0) runTimeMs = performance.now() - startedAt;
    ended.resolve(how);
  };
  let deadline = setTimeout(() => {
    end(
      new SandboxUnavailable(`The interpreter was not ready after ${limits.startDeadlineMs} ms.`),
    );
  }, limits.startDeadlineMs);

  // Prints and frames come by different ways, in any order; what prints before the start is not the code.
  let { onFirstPrint } = options;
  const tellOfFirstPrint = () => {
    if (startedAt === null || logs.totalBytes === 0 || child.pid === null) return;
    onFirstPrint?.(child.pid);
    onFirstPrint = undefined;
  };

  const onFrame = ({ kind, payload }: Frame) => {
    if (kind === frameKinds.result) end(readResult(payload));
    else if (kind === frameKinds.failure) end(readFailure(payload));
    else if (startedAt === null) {
      startedAt = performance.now();
      clearTimeout(deadline);
      deadline = setTimeout(() => end(timedOut(call.timeoutMs)), call.timeoutMs);
      tellOfFirstPrint();
    }
  };
  const onPrint = (chunk: Buffer) => {
    logs.add(chunk);
    tellOfFirstPrint();
    lastPrinted = (lastPrinted + chunk.toString('latin1', chunk.length - 4096)).slice(-4096);
    if (logs.totalBytes > limits.maxPrintedBytes) end(flooded);
  };
  const onAbort = () => end({ ok: false, ...aborted });
  call.signal?.addEventListener('abort', onAbort, { once: true });

  child.frames.on('data', (chunk: Buffer) => {
    try {
      for (const frame of frames.read(chunk)) onFrame(frame);
    } catch (cause) {
      end(misused(cause));
    }
  });
  for (const stream of child.prints) stream.on('data', onPrint);
  void child.closed.then(
    ({ status }) => {
      if (startedAt !== null) end(explainExit(status, lastPrinted));
      else end(new SandboxUnavailable(`The interpreter did not start (${status}): ${lastPrinted}`));
    },
    (cause) => end(new SandboxUnavailable('The sandbox could not start a process.', { cause })),
  );
  const { code, parametersJson, key } = call;
  const form = call.language === 'javascript' ? javascriptForm(code) : null;
  for (const bytes of command.preamble) child.request.write(bytes);
  child.request.end(encodeRequest(nonce, { code, parametersJson, key, form }));

  try {
    const outcome = await ended.promise;
    await child.kill();
    if (outcome instanceof SandboxUnavailable) throw outcome;
    return { ...outcome, logs: logs.text(), runTimeMs: Math.round(runTimeMs) };
  } finally {
    clearTimeout(deadline);
    call.signal?.removeEventListener('abort', onAbort);
  }
}

interface StartedProcess {
  readonly pid: number | null;
  readonly request: Writable;
  readonly frames: Readable;
  readonly prints: readonly Readable[];
  /** The process has ended and every pipe is closed. Rejects when it could not be started. */
  readonly closed: Promise<{ readonly status: number | NodeJS.Signals }>;
  /** Ends it and waits until it is gone. */
  kill(): Promise<void>;
}

function startProcess(command: RunnerCommand): StartedProcess {
  const isOnStdio = command.channel === 'stdio';
  const child = spawn(command.path, command.args, {
    stdio: isOnStdio
      ? ['pipe', 'pipe', 'pipe', command.openFile ?? 'ignore']
      : ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    env: { ...command.env },
    cwd: command.cwd,
    // A group of its own, so that a jail which is still being built is killed with its builder.
    detached: true,
    ...command.identity,
  });
  const [stdin, stdout, stderr, channel, filter] = child.stdio as unknown as readonly Duplex[];
  const request = isOnStdio ? stdin : channel;
  const frames = isOnStdio ? stdout : channel;
  const prints = isOnStdio ? [stderr] : [stdout, stderr];
  const closed = new Promise<{ status: number | NodeJS.Signals }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ status: code ?? signal ?? 0 }));
  });
  closed.catch(() => {});
  // A process that dies while it is written to is told of by its end.
  for (const stream of child.stdio) stream?.on('error', () => {});
  filter?.end(command.filter);
  if (request === undefined || frames === undefined) throw new Error('spawn gave no pipes');
  return {
    pid: child.pid ?? null,
    request,
    frames,
    prints: prints.filter((stream) => stream !== undefined),
    closed,
    kill: async () => {
      if (child.pid === undefined) return;
      if (child.exitCode === null && child.signalCode === null) killGroup(child.pid);
      const late = AbortSignal.timeout(limits.startDeadlineMs);
      const { promise, reject } = Promise.withResolvers<never>();
      late.addEventListener('abort', () =>
        reject(new SandboxUnavailable(`Process ${child.pid} of the sandbox could not be ended.`)),
      );
      await Promise.race([closed, promise]);
    },
  };
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    if (!isGone) throw error;
  }
}

const aborted = { failure: 'aborted', error: 'The call was cancelled.' } as const;

const flooded: RunnerOutcome = {
  ok: false,
  failure: 'killed',
  error: `The code printed more than ${limits.maxPrintedBytes} bytes and was stopped.`,
};

function timedOut(timeoutMs: number): RunnerOutcome {
  return {
    ok: false,
    failure: 'timeout',
    error: `The code ran longer than its timeout_ms of ${timeoutMs} and was stopped.`,
  };
}

function misused(cause: unknown): RunnerOutcome {
  const error = cause instanceof Error ? cause.message : String(cause);
  return { ok: false, failure: 'invalid_result', error };
}

function explainExit(status: number | NodeJS.Signals, lastPrinted: string): RunnerOutcome {
  // bubblewrap reports a signal of its child as 128 + number.
  const signal = typeof status === 'number' ? signalName(status - 128) : status;
  if (/out of memory|bad_alloc|memory allocation of|MemoryError/i.test(lastPrinted)) {
    return { ok: false, failure: 'memory', error: 'The code used more memory than its memory_mb.' };
  }
  const how = signal === null ? `exit code ${status}` : `signal ${signal}`;
  return {
    ok: false,
    failure: 'killed',
    error: `The process ended (${how}) before \`main\` returned. Return a result, do not exit.`,
  };
}

function signalName(number: number): string | null {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? null;
}
