import { constants } from 'node:os';
import { type SandboxOutcome, SandboxUnavailable } from '../core/sandbox.ts';
import { CallFiles, callFileLimits, FileRefused } from './call-files.ts';
import { CapturedLogs } from './captured-logs.ts';
import {
  ChannelViolation,
  encodeRequest,
  type Frame,
  FrameReader,
  frameKinds,
  makeNonce,
} from './channel.ts';
import { javascriptForm } from './check/javascript-form.ts';
import { limits } from './limits.ts';
import type { PreparedCall } from './prepared-call.ts';
import { type RunnerOutcome, readFailure, readResult } from './read-result.ts';
import type { RunnerProcess } from './runner-process.ts';

// One call in one process, seen from the server: hand over the request, read what comes back, end the
// process, and only then answer. Both backends use it; they differ in how the process is started.
//
// - The tool's clock starts with the runner's `started` frame, so an interpreter's start is not the tool's time.
// - Whatever happens first decides (result, failure, exit, deadline, abort, flood); then everything is killed.
// - The answer waits until all that could still print has closed its pipes or is gone. The channel is closed from
//   here: who has answered has nothing more to say.

export interface RunCallOptions {
  /** Waiting for its one request; it is ended in any case. */
  readonly runner: RunnerProcess;
  readonly call: PreparedCall;
  /** For a runner that started with wider ones (see channel.ts). */
  readonly limits?: Readonly<Record<string, number>>;
  /** Called with the process's id when the code runs and has printed something. */
  readonly onFirstPrint?: (pid: number) => void;
}

/** The runner was gone before the code could begin: another one may take the call. */
export class RunnerLost extends SandboxUnavailable {}

/** Throws `SandboxUnavailable` when the runner did not start (`RunnerLost`) or could not be ended. */
export async function runCall(options: RunCallOptions): Promise<SandboxOutcome> {
  const { runner, call } = options;
  if (call.mayStart?.() === false || call.signal?.aborted) {
    await runner.kill();
    return { ok: false, ...aborted, logs: null, runTimeMs: 0 };
  }
  const logs = new CapturedLogs(limits.maxLogsBytes);
  const nonce = makeNonce();
  const largestFrame = callFileLimits.fileBytes + callFileLimits.headerBytes;
  const frames = new FrameReader(nonce, largestFrame);
  const files = new CallFiles();
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
    if (startedAt === null || logs.totalBytes === 0 || runner.pid === null) return;
    onFirstPrint?.(runner.pid);
    onFirstPrint = undefined;
  };

  const onFrame = ({ kind, payload }: Frame) => {
    if (kind === frameKinds.result) end(withFiles(readResult(payload), files));
    else if (kind === frameKinds.failure) end(readFailure(payload));
    else if (kind === frameKinds.file) {
      if (startedAt === null) throw new ChannelViolation();
      files.add(payload);
    } else if (startedAt !== null) throw new ChannelViolation();
    else {
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

  runner.frames.on('data', (chunk: Buffer) => {
    try {
      for (const frame of frames.read(chunk)) onFrame(frame);
    } catch (cause) {
      end(cause instanceof FileRefused ? tooLarge(cause) : misused(cause));
    }
  });
  for (const stream of runner.prints) stream.on('data', onPrint);
  void runner.closed.then(
    ({ status }) => {
      if (startedAt !== null) {
        end(runner.wasOutOfMemory?.() ? outOfMemory : explainExit(status, lastPrinted));
      } else end(new RunnerLost(`The interpreter did not start (${status}): ${lastPrinted}`));
    },
    (cause) => {
      const [Kind, what] =
        startedAt === null ? [RunnerLost, 'start'] : [SandboxUnavailable, 'keep'];
      end(new Kind(`The sandbox could not ${what} a process.`, { cause }));
    },
  );
  runner.confine?.(call);
  const { code, parametersJson, key } = call;
  const form = call.language === 'javascript' ? javascriptForm(code) : null;
  const { secrets = {}, proxy: network = null, packagesPath: packages = null } = call;
  const request = { code, parametersJson, key, form, limits: options.limits ?? null };
  runner.request.end(encodeRequest(nonce, { ...request, secrets, network, packages }));

  try {
    const outcome = await ended.promise;
    await runner.kill();
    if (outcome instanceof SandboxUnavailable) throw outcome;
    return { ...outcome, logs: logs.text(), runTimeMs: Math.round(runTimeMs) };
  } finally {
    clearTimeout(deadline);
    call.signal?.removeEventListener('abort', onAbort);
  }
}

const aborted = { failure: 'aborted', error: 'The call was cancelled.' } as const;

const outOfMemory: RunnerOutcome = {
  ok: false,
  failure: 'memory',
  error: 'The code used more memory than its memory_mb.',
};

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

function withFiles(outcome: RunnerOutcome, files: CallFiles): RunnerOutcome {
  const list = files.list();
  return outcome.ok && list.length > 0 ? { ...outcome, files: list } : outcome;
}

function tooLarge({ message }: FileRefused): RunnerOutcome {
  return { ok: false, failure: 'too_large', error: message };
}

function misused(cause: unknown): RunnerOutcome {
  const error = cause instanceof Error ? cause.message : String(cause);
  return { ok: false, failure: 'invalid_result', error };
}

function explainExit(status: number | NodeJS.Signals, lastPrinted: string): RunnerOutcome {
  // bubblewrap reports a signal of its child as 128 + number.
  const signal = typeof status === 'number' ? signalName(status - 128) : status;
  if (/out of memory|bad_alloc|memory allocation of|MemoryError/i.test(lastPrinted)) {
    return outOfMemory;
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
