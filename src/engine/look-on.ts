import type { Claim } from '../store/claim.ts';

/** For how long a look at the queue is followed by the next while all that is looked at sleeps. */
const lookOnMs = 250;

/**
 * What is due can stand behind much that waits for its time: looks then follow one another. Where that finds nothing
 * it rests for ten times as long, since what is due may be held by a limit.
 */
export class LookOn {
  #restsUntilMs = 0;

  /** For looks that begin now: whether the next one follows at once. */
  begin(): (claim: Claim) => boolean {
    const startedAt = performance.now();
    let hasLookedOn = false;
    return (claim) => {
      const now = performance.now();
      if (claim.sleeps && now >= this.#restsUntilMs && now - startedAt < lookOnMs) {
        hasLookedOn = true;
        return true;
      }
      if (hasLookedOn && claim.runs.length === 0) {
        this.#restsUntilMs = now + 10 * (now - startedAt);
      }
      return false;
    };
  }
}
