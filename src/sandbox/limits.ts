// What a call may use beyond what its tool sets itself (`toolDefaults`, `toolMaxima` in core).

const mebibyte = 1024 * 1024;

export const limits = {
  /** stdout and stderr together; the head is kept. */
  maxLogsBytes: 256 * 1024,
  /** What may be printed, kept or not, before the call is ended: reading it costs the server time. */
  maxPrintedBytes: 64 * mebibyte,
  maxResultBytes: mebibyte,
  /** Nesting of a result: what later serialises it recursively must not run out of stack. */
  maxResultDepth: 200,
  maxErrorChars: 16 * 1024,
  maxCodeBytes: mebibyte,
  tmpBytes: 64 * mebibyte,
  /** Files, directories and links in /tmp: each takes a kibibyte of the kernel's. */
  tmpFiles: 8_192,
  /** For an interpreter that starts and waits, where a cgroup counts. */
  waitingMemoryMb: 128,
  maxThreads: 128,
  maxOpenFiles: 256,
  /** Until the interpreter is ready; not part of a tool's own time. */
  startDeadlineMs: 30_000,
  /** How long a call waits for a place. */
  placeDeadlineMs: 10_000,
} as const;

export { mebibyte };
