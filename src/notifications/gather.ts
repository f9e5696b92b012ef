import { newId } from '../core/ids.ts';
import { gatherSeconds, notificationMaxima } from '../core/notification.ts';
import type { Database } from '../store/connect.ts';
import { insertMemberNotice } from '../store/notices.ts';
import {
  giveOutFacts,
  lockDuePreference,
  settlePreference,
  takeItems,
} from '../store/notification-facts.ts';
import { jsonOf, textOf } from './notice-text.ts';
import { withRules } from './with-rules.ts';

// Makes messages of what happened. A flood is one message: the first of something waits a little for what comes with
// it, and after a message the next one waits for the time that the member chose. A message and the taking away of what
// it tells are one commit, so each thing is told in one message, whoever dies.

export interface GatherDeps {
  readonly db: Database;
  /** Where people reach the dashboard, for links; null: unknown. */
  readonly publicUrl: string | null;
  /** A message was written: look at once. */
  readonly nudge: () => void;
  /** How long the first waits for others. */
  readonly gatherMs?: number;
}

const factsAtOnce = 1_000;

/** Gives out what happened, and writes the messages that are due; the ms until there may be more. */
export async function gatherNotifications(deps: GatherDeps): Promise<number> {
  const { db, gatherMs = gatherSeconds * 1_000 } = deps;
  const taken = await giveOutFacts(db, { limit: factsAtOnce, gatherMs });
  const isWritten = await writeDue(deps);
  return taken === factsAtOnce || isWritten ? 0 : 1_000;
}

/** Writes the message of one preference that is due; false: there is none. */
async function writeDue(deps: GatherDeps): Promise<boolean> {
  const wrote = await deps.db.transaction(async (tx) => {
    const preference = await lockDuePreference(tx);
    if (preference === null) return null;
    const taken = await takeItems(tx, preference.id, notificationMaxima.named);
    const gathered = { ...taken, items: await withRules(tx, taken.items) };
    const hasNews = gathered.items.length > 0;
    if (hasNews) {
      const id = newId('notification');
      const { workspaceId, channel, target } = preference;
      const { subject, body } = textOf(deps, gathered, preference);
      await insertMemberNotice(tx, {
        ...{ id, preferenceId: preference.id, channel, target, subject },
        body:
          channel === 'webhook'
            ? jsonOf(deps, gathered, { id, workspaceId, at: new Date() })
            : body,
        counts: gathered.counts,
      });
    }
    await settlePreference(tx, preference.id, { told: hasNews });
    return hasNews;
  });
  if (wrote === true) deps.nudge();
  return wrote !== null;
}
