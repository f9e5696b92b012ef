/** One of the long proofs; its page has these words and the figures. */
export interface Proof {
  readonly title: string;
  readonly claim: string;
  /** `minutes`: how long it may go on, for those that can stop before their end and say how far they came. */
  run(seed: number, minutes?: number): Promise<Record<string, unknown>>;
  /** Names of figures that must be 0. */
  readonly zero: readonly string[];
}

/** A line on how far a proof is. */
export function report(line: string): void {
  process.stdout.write(`  ${line}\n`);
}
