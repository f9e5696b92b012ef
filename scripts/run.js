// Child processes of the scripts.
import { spawn } from 'node:child_process';

const tailLength = 4000;

/**
 * Runs a command to its end without showing its output. Throws, with the end of that output, when it
 * fails, cannot start or takes longer than `timeoutMs`. `onStart(pid)` is called once it runs.
 */
export function runQuietly({ command, args, cwd, env = process.env, timeoutMs, onStart }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk) => {
      output = (output + chunk).slice(-tailLength);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const stop = passOnSignals(child);
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    const settle = (finish) => {
      clearTimeout(timer);
      stop();
      finish();
    };
    const shown = [command, ...args].join(' ');
    child.on('spawn', () => onStart?.(child.pid));
    child.on('error', (cause) =>
      settle(() => reject(new Error(`cannot start ${shown}: ${cause.message}`, { cause }))),
    );
    child.on('close', (code, signal) =>
      settle(() => {
        if (code === 0) resolve();
        else
          reject(new Error(`${shown} failed (${signal ?? `exit ${code}`})\n${output.trimEnd()}`));
      }),
    );
  });
}

/** Runs a command with this process's own terminal. Gives its exit code; 128 for one ended by a signal. */
export function runVisibly({ command, args, cwd, env = process.env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: 'inherit' });
    const stop = passOnSignals(child);
    child.on('error', (cause) =>
      reject(new Error(`cannot start ${command}: ${cause.message}`, { cause })),
    );
    child.on('exit', (code) => {
      stop();
      resolve(code ?? 128);
    });
  });
}

function passOnSignals(child) {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const pass = (signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, pass);
  return () => {
    for (const signal of signals) process.off(signal, pass);
  };
}
