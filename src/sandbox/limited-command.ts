import { existsSync } from 'node:fs';
import { mebibyte } from './limits.ts';

/** Resource limits of a process and of what it becomes by `exec`. Bytes, seconds, counts. */
export interface ProcessLimits {
  /** Null where the system has no such limit. */
  readonly dataBytes: number | null;
  /** Null leaves the address space alone: V8 reserves far more than it uses. */
  readonly addressSpaceBytes: number | null;
  readonly cpuS: number;
  readonly fileBytes: number;
  readonly openFiles: number;
  readonly threads: number | null;
}

/** The usual size; pages of a stack are in no other count. */
const stackBytes = 8 * mebibyte;

/** Signals and timers that wait: memory of the kernel's. */
const pendingSignals = 512;

/** What sets limits on a command: util-linux's `prlimit`, or any POSIX shell. */
export type Limiter = { readonly kind: 'prlimit' | 'shell'; readonly path: string };

/** The limits by the names that Python's `resource` has for them, without RLIMIT_. */
export function limitNames(limits: ProcessLimits): Readonly<Record<string, number>> {
  return {
    ...(limits.dataBytes === null ? {} : { DATA: limits.dataBytes }),
    ...(limits.addressSpaceBytes === null ? {} : { AS: limits.addressSpaceBytes }),
    ...(limits.threads === null ? {} : { NPROC: limits.threads }),
    CPU: limits.cpuS,
    FSIZE: limits.fileBytes,
    NOFILE: limits.openFiles,
    STACK: stackBytes,
    CORE: 0,
    MEMLOCK: 0,
    SIGPENDING: pendingSignals,
  };
}

export function findLimiter(): Limiter | null {
  const prlimit = ['/usr/bin/prlimit', '/bin/prlimit'].find(existsSync);
  if (prlimit !== undefined) return { kind: 'prlimit', path: prlimit };
  return existsSync('/bin/sh') ? { kind: 'shell', path: '/bin/sh' } : null;
}

/** The command that sets the limits, and ends without running anything when one cannot be set. */
export function limitedCommand(
  { kind, path }: Limiter,
  limits: ProcessLimits,
  command: readonly string[],
): readonly [string, ...string[]] {
  if (kind === 'shell') return [path, '-c', shellScript(limits), 'sh', ...command];
  const flags = [
    ...(limits.dataBytes === null ? [] : [`--data=${limits.dataBytes}`]),
    ...(limits.addressSpaceBytes === null ? [] : [`--as=${limits.addressSpaceBytes}`]),
    ...(limits.threads === null ? [] : [`--nproc=${limits.threads}`]),
    `--cpu=${limits.cpuS}`,
    `--fsize=${limits.fileBytes}`,
    `--nofile=${limits.openFiles}`,
    `--stack=${stackBytes}`,
    '--core=0',
    '--memlock=0',
  ];
  return [path, ...flags, '--', ...command];
}

function shellScript(limits: ProcessLimits): string {
  const kibibytes = (bytes: number) => Math.floor(bytes / 1024);
  const settings = [
    ...(limits.dataBytes === null ? [] : [`ulimit -d ${kibibytes(limits.dataBytes)}`]),
    ...(limits.addressSpaceBytes === null
      ? []
      : [`ulimit -v ${kibibytes(limits.addressSpaceBytes)}`]),
    // dash and busybox say -p where bash says -u (its -p is the size of a pipe).
    ...(limits.threads === null
      ? []
      : [`{ ulimit -u ${limits.threads} || ulimit -p ${limits.threads}; } 2>/dev/null`]),
    `ulimit -t ${limits.cpuS}`,
    `ulimit -f ${Math.floor(limits.fileBytes / 512)}`,
    `ulimit -n ${limits.openFiles}`,
    `ulimit -s ${kibibytes(stackBytes)}`,
    'ulimit -c 0',
  ];
  return `${settings.join(' && ')} && exec "$@"`;
}
