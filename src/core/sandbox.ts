import type { ToolLanguage } from './custom-tool.ts';

// What runs strangers' code. Two backends implement this: `jail` and `deno`.

export const sandboxBackends = ['jail', 'deno'] as const;
export type SandboxBackend = (typeof sandboxBackends)[number];

export interface SandboxCall {
  readonly language: ToolLanguage;
  readonly code: string;
  /** JSON text of the object that `main` receives: checked and completed with defaults already. */
  readonly parametersJson: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  /** Hosts that the code may reach (`allow` of its tool, see egress/allowed-hosts.ts). By default none. */
  readonly network?: readonly string[];
  /** Packages that the code imports, as its check found them: they are installed first, where they are not. */
  readonly packages?: readonly string[];
  /** Values by name, for this call alone; masked in all that comes back of it. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Stable over repeats of the same call (`run:step`), for the tool to deduplicate by. */
  readonly key: string;
  readonly signal?: AbortSignal;
  /** Asked right before a process is given the code; false: it must not be, and the call ends as aborted. */
  readonly mayStart?: () => boolean;
}

export const sandboxFailures = [
  'threw',
  'invalid_result',
  'timeout',
  'memory',
  'killed',
  'too_large',
  'aborted',
  'unprepared',
] as const;
export type SandboxFailure = (typeof sandboxFailures)[number];

/** One connection that a call asked for. What passed inside of it is not known. */
export interface CallConnection {
  /** As the code named it. */
  readonly host: string;
  readonly port: number;
  readonly outcome: 'connected' | 'refused' | 'failed';
  /** Why it was refused or failed; null when it was connected. */
  readonly reason: string | null;
  /** Where the host led to. */
  readonly address: string | null;
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

/** A file that a call hands over. Name and media type are its own words, made harmless. */
export interface CallFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** How a call ended. A tool's own failure is an outcome; only the sandbox's failure throws (`SandboxUnavailable`). */
export type SandboxOutcome = {
  /** Captured stdout and stderr, at most 256 KiB; null when nothing was printed. */
  readonly logs: string | null;
  /** Wall time of the code, without the sandbox's own start. */
  readonly runTimeMs: number;
  /** In the order in which they were asked for; only of calls that may reach hosts. */
  readonly connections?: readonly CallConnection[];
} & (
  | {
      readonly ok: true;
      readonly message: string;
      /** JSON text of the whole returned object (`message`, `rawData`), at most 1 MiB. */
      readonly resultJson: string;
      /** Absent where it handed none over. */
      readonly files?: readonly CallFile[];
    }
  | { readonly ok: false; readonly failure: SandboxFailure; readonly error: string }
);

/** What is wrong with a tool's code before it ever runs. `line` counts from 1. */
export interface CodeProblem {
  readonly message: string;
  readonly line: number | null;
}

/** A parameter of `main` that could not be read. The message follows the parameter's name. */
export interface UnmappedParameter {
  readonly name: string;
  readonly message: string;
  readonly line: number | null;
}

/** What `main` takes by its own words: type hints and defaults, or JSDoc. Still to be checked as any definition. */
export interface CodeParameters {
  readonly found: Readonly<Record<string, unknown>>;
  readonly unmapped: readonly UnmappedParameter[];
}

/** What a check found; nothing was executed. */
export interface CheckedCode {
  /** Empty means valid. */
  readonly problems: readonly CodeProblem[];
  /** Those that the code imports, of the ones that there are for its language. */
  readonly packages: readonly string[];
  readonly parameters: CodeParameters;
}

/** What tools of a language may import beside its own modules. */
export interface RuntimePackages {
  /** Of the lock. `import`: the name in an import, which is not always the package's. */
  readonly list: readonly {
    readonly name: string;
    readonly version: string;
    readonly import: string;
  }[];
  /** False: the first call that needs them installs them. */
  readonly areInstalled: boolean;
  /** Why there are none, and where there are; null when there are. */
  readonly unavailable: string | null;
}

export interface RuntimeDescription {
  readonly language: ToolLanguage;
  /** Version of the interpreter that is really there, e.g. `3.11.2`. */
  readonly version: string;
  readonly backend: SandboxBackend;
  /** What holds each call, in plain words. */
  readonly layers: readonly string[];
  readonly entrypoint: string;
  readonly returnShape: string;
  readonly template: string;
  readonly builtinModules: readonly string[];
  readonly packages: RuntimePackages;
  readonly limits: {
    readonly defaultTimeoutMs: number;
    readonly maxTimeoutMs: number;
    readonly defaultMemoryMb: number;
    readonly maxMemoryMb: number;
    readonly maxLogsBytes: number;
    readonly maxResultBytes: number;
  };
  readonly network: boolean;
}

/** A program that stays: it is spoken to by its standard input and output, and ends when it is told to. */
export interface ServerOrder {
  readonly language: ToolLanguage;
  /** A folder of the host, shown to it read-only as `/server`. */
  readonly directory: string;
  /** The program's file below the folder (or `-m` and a module of Python), and its arguments. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  /** Hosts that it may reach. */
  readonly network?: readonly string[];
}

export interface ServedProcess extends AsyncDisposable {
  /** Resolves when it is taken; rejects when the program has ended. */
  write(text: string): Promise<void>;
  readonly output: AsyncIterable<Uint8Array>;
  /** Resolves when it has ended, however it did. */
  readonly closed: Promise<void>;
  /** The last of what it printed as errors. */
  printed(): string;
  /** Notes the connections that it asks for from now on. */
  watchConnections(): ConnectionWatch;
}

export interface ConnectionWatch extends Disposable {
  /** In order; of those that are still open, what went through so far. */
  connections(): readonly CallConnection[];
}

export interface Sandbox extends AsyncDisposable {
  readonly backend: SandboxBackend;
  /** What an operator may want to know of how calls are held here, in plain words. */
  readonly remarks?: readonly string[];
  runtimes(): readonly RuntimeDescription[];
  /** Runs one call in a process of its own, which does not outlive it. */
  run(call: SandboxCall): Promise<SandboxOutcome>;
  /** Starts a program that stays. Absent where the backend has none; throws `SandboxUnavailable` and `SandboxBusy`. */
  serve?(order: ServerOrder): Promise<ServedProcess>;
  /**
   * Static checks, nothing executed: it parses, defines `main`, has a `return`, imports what there is. What it
   * imports and what `main` takes comes with it.
   */
  check(language: ToolLanguage, code: string): Promise<CheckedCode>;
  /** Installs the packages of a language unless they are. Throws `SandboxUnavailable` with the reason. */
  installPackages(language: ToolLanguage): Promise<void>;
}

/** No call could be started: the machine lacks a layer, or the backend broke. Answered as 503. */
export class SandboxUnavailable extends Error {
  override readonly name = 'SandboxUnavailable';
}

/** Every place is taken and none came free in time. Answered as 429. */
export class SandboxBusy extends Error {
  override readonly name = 'SandboxBusy';
}
