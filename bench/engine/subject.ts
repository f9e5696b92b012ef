import type { EmbeddedConnection } from '../../src/store/connect-session.ts';

/** Something that performs the run of work.ts durably. */
export interface Subject extends AsyncDisposable {
  /** One run, from its dispatch to its committed end. */
  run(): Promise<void>;
  /** Throws unless exactly these many runs are stored, each with its three steps. */
  verify(runs: number): Promise<void>;
}

export interface Surroundings {
  /** An empty database of its own. */
  readonly connection: EmbeddedConnection;
  /** An empty folder of its own. */
  readonly folder: string;
}

export type OpenSubject = (given: Surroundings) => Promise<Subject>;

export function requireCount(what: string, stored: number, expected: number): void {
  if (stored !== expected) throw new Error(`${what}: ${stored} are stored, ${expected} were run.`);
}
