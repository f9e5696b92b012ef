// Becomes another program, as a shell's `exec` does. Node 22.15 and later really can; Node 20 cannot,
// so there a second process stays behind that passes on signals and the exit status, and whose death,
// even by SIGKILL, the program can see: file descriptor SIGNALBOX_LAUNCHER_FD reads end-of-file then.
import { spawn } from 'node:child_process';

const launcherFd = 3;
const forwarded = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGCONT'];

/**
 * Runs `program` in place of this process. Never returns to its caller's code: the process ends as
 * the program does, by the same exit code or signal.
 * A terminal's Ctrl-C reaches the program both from the terminal and from here, so two SIGINTs at
 * once are one wish.
 */
export function launch({ program, args, env = process.env }) {
  const { SIGNALBOX_LAUNCHER_FD: _inherited, ...clean } = env;
  if (typeof process.execve === 'function') {
    process.execve(program, [program, ...args], clean);
  }
  return new Promise(() => superviseChild({ program, args, env: clean }));
}

function superviseChild({ program, args, env }) {
  const child = spawn(program, args, {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: { ...env, SIGNALBOX_LAUNCHER_FD: String(launcherFd) },
  });
  // The program may close its end early; that is its own affair.
  child.stdio[launcherFd].on('error', () => {});
  for (const signal of forwarded) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`signalbox: cannot start ${program}: ${error.message}`);
    if (error.code === 'ENOENT') {
      console.error('It needs glibc: on Alpine and other musl systems use a Debian-based image.');
    }
    process.exit(126);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    for (const name of forwarded) process.removeAllListeners(name);
    process.kill(process.pid, signal);
    // Only process 1 of a container survives its own signal.
    setTimeout(() => process.exit(1), 100);
  });
}
