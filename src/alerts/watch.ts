import { createHash } from 'node:crypto';
import type { AlertRule, AlertState } from '../core/alert.ts';
import { claimAlerts, settleAlert } from '../store/alerts.ts';
import type { Database, Queryable } from '../store/connect.ts';
import { recordEvent } from '../store/internal-events.ts';
import { insertAlertNotice } from '../store/notices.ts';
import { type Finding, findingOf } from './conditions.ts';

// Looks at the rules, one process at a time each, and writes what is to be told in the commit that changes how a rule
// stands: so each firing and each end of one is told once, whoever dies in between.

export interface WatchDeps {
  readonly db: Database;
  /** Why no tool can run here, or null. */
  readonly sandboxProblem: () => string | null;
  /** Where people reach the dashboard, for links; null: unknown. */
  readonly publicUrl: string | null;
  /** How often a rule is looked at; default 15 s. */
  readonly everyMs?: number;
}

const batch = 20;

/** Looks at rules that are due; how many there were. */
export async function watchAlerts(deps: WatchDeps): Promise<number> {
  const { db, everyMs = 15_000 } = deps;
  return await db.transaction(async (tx) => {
    const rules = await claimAlerts(tx, { olderThanMs: everyMs, limit: batch });
    for (const rule of rules) {
      const finding = await findingOf(tx, rule, deps.sandboxProblem());
      await settle(deps, tx, rule, finding);
    }
    return rules.length;
  });
}

async function settle(
  deps: WatchDeps,
  tx: Queryable,
  rule: AlertRule,
  finding: Finding | null,
): Promise<void> {
  const state: AlertState = finding === null ? 'ok' : 'firing';
  if (state === 'ok' && rule.state === 'ok') return;
  const runId = finding?.runId ?? null;
  const summary = finding?.summary ?? null;
  const firing = await settleAlert(tx, { id: rule.id, state, summary, runId });
  if (state === rule.state) return;
  const type = state === 'firing' ? 'alert.firing' : 'alert.cleared';
  const told = messageOf(deps, rule, finding);
  await recordEvent(tx, {
    id: `${rule.id}.${firing}.${state}`,
    workspaceId: rule.workspaceId,
    type,
    payloadJson: JSON.stringify({
      id: rule.id,
      name: rule.name,
      kind: rule.kind,
      workspace_id: rule.workspaceId,
      agent_id: rule.settings.agent_id ?? null,
      trigger_id: rule.settings.trigger_id ?? null,
      state: state === 'firing' ? 'firing' : 'cleared',
      summary: told.summary,
      what_to_do: told.advice,
      run_id: runId,
      link: told.link,
    }),
    entityId: null,
    causedByRunId: null,
  });
  const { emails, slack_secret } = rule.notify;
  const targets = [
    ...emails.map((target) => ({ channel: 'email' as const, target })),
    ...(slack_secret === null ? [] : [{ channel: 'slack' as const, target: slack_secret }]),
  ];
  for (const { channel, target } of targets) {
    const name = `${rule.id} ${firing} ${state} ${channel} ${target}`;
    const id = createHash('sha256').update(name).digest('hex').slice(0, 32);
    await insertAlertNotice(tx, { id, ruleId: rule.id, channel, target, ...told });
  }
}

function messageOf({ publicUrl }: WatchDeps, rule: AlertRule, finding: Finding | null) {
  const path = finding?.runId == null ? null : `/runs/${finding.runId}`;
  const link = path === null ? null : `${publicUrl ?? ''}${path}`;
  if (finding === null) {
    const was = rule.summary ?? 'It no longer holds.';
    const subject = `[cleared] ${rule.name}`;
    const advice = 'Nothing: it is over.';
    return { subject, summary: was, advice, link, body: `Cleared. It was: ${was}` };
  }
  const lines = [finding.summary, `What to do: ${finding.advice}`];
  if (link !== null) lines.push(`Run: ${link}`);
  return {
    subject: `[firing] ${rule.name}`,
    summary: finding.summary,
    advice: finding.advice,
    link,
    body: lines.join('\n'),
  };
}
