import type { AlertRule } from '../core/alert.ts';
import { assertNever } from '../core/assert-never.ts';
import {
  endingKeys,
  exceededBudgets,
  failureCounts,
  oldestQueued,
  silentSince,
  spent,
} from '../store/alert-conditions.ts';
import type { Queryable } from '../store/connect.ts';

/** Why a rule fires, what to do about it, and the run to look at, if there is one; null while all is well. */
export interface Finding {
  readonly summary: string;
  readonly advice: string;
  readonly runId: string | null;
}

/** Looks at one rule's condition. `sandboxProblem`: why no tool can run in this process, or null. */
export async function findingOf(
  db: Queryable,
  rule: AlertRule,
  sandboxProblem: string | null,
): Promise<Finding | null> {
  const { workspaceId, settings, kind } = rule;
  const agentId = settings.agent_id ?? null;
  const windowMinutes = settings.window_minutes ?? 60;
  switch (kind) {
    case 'failure_rate': {
      const { ended, failed, lastFailed } = await failureCounts(db, {
        workspaceId,
        agentId,
        windowMinutes,
      });
      const most = settings.max_share ?? 0;
      if (ended < (settings.min_runs ?? 1) || failed === 0 || failed / ended <= most) return null;
      return {
        summary: `${failed} of ${ended} runs of the last ${windowMinutes} minutes failed (${percent(failed / ended)}, more than ${percent(most)}).`,
        advice:
          'Read the error of the last failed run. When its cause is mended, retry those that failed: POST /v1/agents/{id}/retry-failed.',
        runId: lastFailed,
      };
    }
    case 'trigger_silence': {
      const triggerId = settings.trigger_id ?? '';
      const notBefore = rule.createdAt;
      const silent = await silentSince(db, { workspaceId, triggerId, windowMinutes, notBefore });
      if (silent === null) return null;
      return {
        summary: `Trigger "${silent.name}" has not fired for ${windowMinutes} minutes.`,
        advice:
          'Check whoever should call it, or for cron its expression and that a process with the engine runs; `signalbox triggers explain` says why events did not match.',
        runId: silent.lastRun,
      };
    }
    case 'queue_age': {
      const oldest = await oldestQueued(db, workspaceId);
      const most = settings.max_seconds ?? 0;
      if (oldest === null || oldest.seconds <= most) return null;
      return {
        summary: `A run has been waiting to begin for ${Math.round(oldest.seconds)} s, longer than ${most} s.`,
        advice:
          'Start another process (`signalbox worker`), raise SIGNALBOX_MAX_RUNS or the agent’s concurrency, or pause what floods the queue.',
        runId: oldest.runId,
      };
    }
    case 'spend': {
      const { costUsd, dearest } = await spent(db, { workspaceId, agentId, windowMinutes });
      const most = settings.max_cost_usd ?? 0;
      if (costUsd <= most) return null;
      return {
        summary: `Runs of the last ${windowMinutes} minutes cost ${costUsd.toFixed(2)} USD, more than ${most} USD.`,
        advice:
          'Look at the dearest run; give its agent max_cost_usd or a cheaper model, or set a budget that stops at /v1/budgets.',
        runId: dearest,
      };
    }
    case 'budget_exceeded': {
      const { ids, lastRun } = await exceededBudgets(db, { workspaceId, agentId });
      if (ids.length === 0) return null;
      return {
        summary: `${ids.length === 1 ? 'A budget is' : `${ids.length} budgets are`} used up: ${ids.join(', ')}.`,
        advice: 'Raise it at /v1/budgets, or wait for its next period.',
        runId: lastRun,
      };
    }
    case 'key_expiry': {
      const keys = await endingKeys(db, { workspaceId, withinDays: settings.within_days ?? 0 });
      if (keys.length === 0) return null;
      const each = keys.map(
        ({ what, ends_at }) => `${what} on ${ends_at.toISOString().slice(0, 10)}`,
      );
      return {
        summary: `Keys end: ${each.join('; ')}.`,
        advice:
          'Make a new token, or set the provider’s new key as the secret that the model names and its key_expires_at; then revoke the old one.',
        runId: null,
      };
    }
    case 'sandbox_degraded':
      if (sandboxProblem === null) return null;
      return {
        summary: `Custom tools cannot run: ${sandboxProblem}`,
        advice: 'Run `signalbox doctor` on the server: it says what to change. Then restart it.',
        runId: null,
      };
    default:
      return assertNever(kind);
  }
}

function percent(share: number): string {
  return `${Math.round(share * 1_000) / 10} %`;
}
