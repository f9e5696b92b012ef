import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { startTimeOf } from './processes.ts';

// Ends Postgres when the server ends without having done so: killed, crashed, out of memory. It is a shell
// in a session of its own, which no signal to the server's process group reaches, and it waits for the end
// of a pipe that only the server holds. A shell because it starts at once, needs a megabyte, and is there
// wherever initdb works. What kills it together with the server leaves an orphan to the next start.

/** Reads lines of "pid start-time", the last one counts; at the end of input stops that process. */
const script = `
trap '' HUP INT TERM
pid= start=
while read -r new_pid new_start; do pid=$new_pid start=$new_start; done
alive() {
  [ -n "$pid" ] || return 1
  if [ -n "$start" ]; then
    { read -r _ _ state rest < "/proc/$pid/stat"; } 2>/dev/null || return 1
    [ "$state" != Z ] || return 1
    set -- $rest
    shift 18
    [ "$1" = "$start" ]
  else
    kill -0 "$pid" 2>/dev/null
  fi
}
stop() {
  alive || return
  kill -s "$1" "$pid"
  tries=$2
  while [ "$tries" -gt 0 ] && alive; do sleep 0.05 || sleep 1; tries=$((tries - 1)); done
}
stop INT 60
stop QUIT 60
stop KILL 20
if [ -n "$1" ]; then rm -f "$1/s"; rmdir "$1"; fi
`;

const restartPauseMs = 1_000;

/** Guards one Postgres at a time on behalf of this process. */
export class Watchdog implements AsyncDisposable {
  #shell: ChildProcess;
  #guarded: string | null = null;
  #disposed = false;
  readonly #linkDirectory: string;
  readonly #onError: (error: Error) => void;

  /** `linkDirectory` holds the socket's short name `s` and is removed at the end; empty: none. */
  constructor(linkDirectory: string, onError: (error: Error) => void) {
    this.#linkDirectory = linkDirectory;
    this.#onError = onError;
    this.#shell = this.#start();
  }

  /** From now on this process is what to stop. */
  guard(pid: number): void {
    this.#guarded = `${pid} ${startTimeOf(pid) ?? ''}\n`;
    this.#shell.stdin?.write(this.#guarded);
  }

  get pid(): number | undefined {
    return this.#shell.pid;
  }

  /** Stops the guarded process if it still runs, and ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    const shell = this.#shell;
    if (shell.exitCode !== null || shell.signalCode !== null) return;
    shell.ref();
    const exit = once(shell, 'exit');
    shell.stdin?.end();
    await exit;
  }

  #start(): ChildProcess {
    const shell = spawn('/bin/sh', ['-c', script, 'signalbox-watchdog', this.#linkDirectory], {
      detached: true,
      cwd: '/',
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin' },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    shell.unref();
    (shell.stdin as Socket).unref();
    // A write that meets a killed shell; its exit says so.
    shell.stdin?.on('error', () => {});
    shell.once('error', this.#onError);
    const startedAt = performance.now();
    shell.once('exit', () => {
      if (this.#disposed) return;
      const restart = () => {
        if (!this.#disposed) this.#shell = this.#start();
      };
      if (performance.now() - startedAt > restartPauseMs) restart();
      else setTimeout(restart, restartPauseMs).unref();
    });
    if (this.#guarded !== null) shell.stdin?.write(this.#guarded);
    return shell;
  }
}
