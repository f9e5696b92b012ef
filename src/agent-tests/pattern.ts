import { runInNewContext } from 'node:vm';

/** Whether the text matches; `too_slow` when finding out took too long, as bad patterns do on some texts. */
export type PatternOutcome = boolean | 'too_slow';

const withinMs = 100;

/**
 * Tries a pattern of a stranger's. The engine of regular expressions can take exponential time; a script in a
 * context of its own is stopped by its deadline even then.
 */
export function testPattern(pattern: string, text: string): PatternOutcome {
  try {
    return runInNewContext(
      'new RegExp(pattern, "u").test(text)',
      { pattern, text },
      {
        timeout: withinMs,
      },
    ) as boolean;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return 'too_slow';
    throw error;
  }
}

/** What is wrong with a pattern; null when it is one. */
export function whyNotPattern(pattern: string): string | null {
  try {
    new RegExp(pattern, 'u');
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
