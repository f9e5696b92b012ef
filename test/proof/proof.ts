/** One of the long proofs; its page has these words and the figures. */
export interface Proof {
  readonly title: string;
  readonly claim: string;
  run(seed: number): Promise<Record<string, unknown>>;
  /** Names of figures that must be 0. */
  readonly zero: readonly string[];
}

/** A line on how far a proof is. */
export function report(line: string): void {
  process.stdout.write(`  ${line}\n`);
}
