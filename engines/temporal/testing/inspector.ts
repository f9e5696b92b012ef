// For tests: what can be asked of a Temporal server. No types of its packages, which are optional: who asks is
// checked without them.

/** An event in JSON, with bytes in base64: `eventTime` and the attributes of its type. */
export interface HistoryEvent {
  readonly eventType: string;
  readonly [name: string]: unknown;
}

export interface Execution {
  readonly status: { readonly name: string };
  readonly searchAttributes: Readonly<Record<string, readonly unknown[] | undefined>>;
  readonly historyLength: number;
  readonly historySize?: number;
  readonly stateTransitions: number;
}

export interface Inspector extends AsyncDisposable {
  /** Of the latest execution, or of one of them. */
  history(runId: string, engineRunId?: string): Promise<HistoryEvent[]>;
  describe(runId: string, engineRunId?: string): Promise<Execution>;
  /** Executions that a query on search attributes finds. */
  count(query: string): Promise<number>;
  /** By hand, as an operator may. */
  cancel(runId: string): Promise<unknown>;
  terminate(runId: string): Promise<unknown>;
  /** Of a server of tests that can skip time: lets so much of it pass, with all that is due in it. */
  skip(ms: number): Promise<void>;
}

/** The module inspect.ts, where it is loaded by whoever can do without it. */
export interface Inspecting {
  openInspector(address: string): Inspector;
}
