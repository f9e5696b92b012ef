import type { Logger } from '../core/logger.ts';
import type { SecretBox } from '../core/secret-box.ts';
import { EgressFailed, EgressRefused, type Guard } from '../sandbox/egress/guard.ts';
import { guardedPost } from '../sandbox/egress/post.ts';
import { type AlertNotice, claimNotices, settleNotice } from '../store/alerts.ts';
import type { Database } from '../store/connect.ts';
import { openSecrets } from '../tools/secrets.ts';

// Sends what the watch wrote down. A try that died with its process is made again: a message may come twice then,
// never not at all.

export interface SendNoticeDeps {
  readonly db: Database;
  readonly secretBox: SecretBox;
  readonly guard: Guard;
  readonly mayBePlain: (address: string) => boolean;
  /** Null: the operator has set up no mail. */
  readonly sendMail: ((mail: Mail) => Promise<void>) | null;
  readonly logger: Logger;
}

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

const leaseMs = 60_000;
const withinMs = 20_000;
const batch = 20;
/** After each failed try; then it is given up. */
const pausesMs = [10_000, 60_000, 300_000, 1_800_000, 7_200_000] as const;

/** Sends what is due; how many messages there were. */
export async function sendNotices(deps: SendNoticeDeps): Promise<number> {
  const notices = await claimNotices(deps.db, { leaseMs, limit: batch });
  await Promise.all(
    notices.map(async (notice) => {
      const error = await send(deps, notice);
      const againMs = error === null ? null : (pausesMs[notice.tries - 1] ?? null);
      if (error !== null && againMs === null) {
        deps.logger.warn(
          { alert: notice.ruleId, channel: notice.channel, error },
          'An alert was not told',
        );
      }
      await settleNotice(deps.db, { id: notice.id, error, againMs });
    }),
  );
  return notices.length;
}

/** What went wrong, without what is secret, or null. */
async function send(
  deps: SendNoticeDeps,
  notice: AlertNotice & { readonly workspaceId: string },
): Promise<string | null> {
  try {
    if (notice.channel === 'slack') return await toSlack(deps, notice);
    if (deps.sendMail === null) return 'The operator has not set SIGNALBOX_SMTP_URL.';
    await deps.sendMail({ to: notice.target, subject: notice.subject, text: notice.body });
    return null;
  } catch (error) {
    if (error instanceof EgressRefused || error instanceof EgressFailed) {
      return 'The address of the incoming webhook could not be reached.';
    }
    return notice.channel === 'email'
      ? `The mail server did not take it: ${error instanceof Error ? error.message.slice(0, 300) : 'no reason given'}`
      : 'The message could not be sent.';
  }
}

async function toSlack(
  deps: SendNoticeDeps,
  notice: AlertNotice & { readonly workspaceId: string },
): Promise<string | null> {
  const { workspaceId, target } = notice;
  const { values } = await openSecrets(deps, { workspaceId, names: [target] });
  const url = URL.parse(values[target] ?? '');
  if (url === null) return `The secret ${target} is not the URL of an incoming webhook.`;
  const answer = await guardedPost(deps.guard, {
    url: url.href,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text: `*${escaped(notice.subject)}*\n${escaped(notice.body)}` }),
    signal: AbortSignal.timeout(withinMs),
    mayBePlain: deps.mayBePlain,
  });
  return answer.status >= 200 && answer.status <= 299 ? null : `It was answered ${answer.status}.`;
}

/** Slack reads these three as markup: https://api.slack.com/reference/surfaces/formatting#escaping */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
