import type { ModelClient } from '../core/model.ts';
import type { ProvisionalText } from './provisional-text.ts';

/** What one step of a run needs. */
export interface AdvanceDeps {
  readonly models: ModelClient;
  readonly now: () => Date;
  /**
   * Asked right before each model call and tool starts, since timers fire late after a freeze. False: this
   * process is not known to be alive any more; whoever answers so aborts what runs before it does.
   */
  readonly mayStart?: () => boolean;
  /** Told when runs were created that anybody may claim. */
  readonly onQueued?: () => void;
  /** Where a model's text is shown as it arrives (I2). */
  readonly texts?: Pick<ProvisionalText, 'open'>;
}

/**
 * `waiting`: the run gave itself up until a time or a decision, and is nobody's now. `lost`: somebody else owns the run or it has ended; stop. `aborted`: the signal fired; nothing was
 * written for the step it interrupted. `held`: nothing may start here now, and nothing was begun.
 */
export type Next = 'again' | 'done' | 'waiting' | 'lost' | 'aborted' | 'held';
