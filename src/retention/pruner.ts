import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../core/logger.ts';
import type { RetentionRule } from '../core/retention.ts';
import { ClaimLoop } from '../delivery/claim-loop.ts';
import type { Database, Queryable } from '../store/connect.ts';
import { type Looked, lookAt, newestBeyond } from '../store/prune.ts';
import {
  type ClaimedRetention,
  claimRetention,
  extendRetention,
  type Mark,
  noteRetention,
  type Round,
  releaseRetention,
  settleRetention,
} from '../store/retention.ts';
import { type RoundPlan, roundPlans } from './rounds.ts';

// Removes what workspaces do not keep. One process prunes a workspace at a time; one that dies in it lost a batch
// that was not committed, and another goes on behind the last one that was. Batches are small, and most of the time
// nothing is pruned at all: who dispatches and drives runs must not notice.

export interface PrunerOptions {
  readonly db: Database;
  readonly logger: Logger;
  readonly pollMs?: number;
  /** From the end of a pass to the next. */
  readonly everyMs?: number;
  readonly leaseMs?: number;
  /** Rests after each batch, as a multiple of the time that it took. */
  readonly rest?: number;
}

const defaults = { pollMs: 1_000, everyMs: 60_000, leaseMs: 5_000, rest: 3 } as const;
const dayMs = 24 * 3_600_000;
/** Rows of a batch: as many as take about so long. */
const sizes = { least: 500, first: 500, most: 2_000 } as const;
const batchMs = 100;

export class Pruner extends ClaimLoop<ClaimedRetention> {
  readonly #options: Required<PrunerOptions>;

  constructor(options: PrunerOptions) {
    const all = { ...defaults, ...options };
    const { db, logger, pollMs, leaseMs } = all;
    super({
      logger,
      name: 'Workspaces to prune',
      pollMs,
      atOnce: 1,
      claim: (limit) => claimRetention(db, { limit, leaseMs }),
      work: (claimed, signal) => this.#work(claimed, signal),
    });
    this.#options = all;
  }

  async #work(claimed: ClaimedRetention, signal: AbortSignal): Promise<void> {
    const { db, logger, everyMs } = this.#options;
    const { workspaceId } = claimed;
    try {
      for (const plan of roundPlans) {
        const rule = claimed.rules[plan.kind];
        if (rule === undefined) continue;
        if (!(await this.#go(claimed, { plan, rule, signal }))) return;
      }
      await settleRetention(db, claimed, { nextInMs: everyMs });
    } catch (err) {
      if (!signal.aborted) logger.warn({ err, workspaceId }, 'Pruning failed, and is tried again');
      // Else its claim lapses.
      if (signal.aborted) await releaseRetention(db, claimed).catch(() => undefined);
    }
  }

  /** Prunes up to where the rule says. False: the claim was lost. Throws the signal's reason. */
  async #go(
    claimed: ClaimedRetention,
    of: { readonly plan: RoundPlan; readonly rule: RetentionRule; readonly signal: AbortSignal },
  ): Promise<boolean> {
    const { plan, signal } = of;
    const upTo = await this.#endOf(claimed, of);
    if (upTo === null) return true;
    let round = currentRound(claimed, plan);
    let limit: number = sizes.first;
    for (;;) {
      signal.throwIfAborted();
      const startedAt = performance.now();
      const looked = await this.#batch(claimed, { plan, round, upTo, limit });
      if (looked === null) return false;
      const tookMs = performance.now() - startedAt;
      if (looked.last !== null) round = { ...round, after: looked.last };
      if (looked.ids.length < limit) return true;
      const fitting = Math.round((limit * batchMs) / Math.max(tookMs, 1));
      limit = Math.min(Math.max(fitting, sizes.least), sizes.most, limit * 2);
      await sleep(tookMs * this.#options.rest, undefined, { signal });
    }
  }

  /** Where what is too old, or too many, ends; null: nothing is. */
  async #endOf(
    { workspaceId, now }: ClaimedRetention,
    of: { readonly plan: RoundPlan; readonly rule: RetentionRule },
  ): Promise<Mark | null> {
    const { max_age_days: days, max_count: count } = of.rule;
    const { table } = of.plan;
    const beyond =
      count === null ? null : await newestBeyond(this.#options.db, { table, workspaceId, count });
    if (days === null) return beyond;
    const old = { at: new Date(now.getTime() - days * dayMs).toISOString(), id: '' };
    return beyond !== null && new Date(beyond.at) >= new Date(old.at) ? beyond : old;
  }

  /** One transaction; null: the claim was lost. */
  async #batch(
    claimed: ClaimedRetention,
    of: {
      readonly plan: RoundPlan;
      readonly round: Round;
      readonly upTo: Mark;
      readonly limit: number;
    },
  ): Promise<Looked | null> {
    const { db, leaseMs } = this.#options;
    const { plan, round, upTo, limit } = of;
    const { workspaceId } = claimed;
    const remove = async (tx: Queryable) => {
      if (!(await extendRetention(tx, claimed, { leaseMs }))) return null;
      const looked = await lookAt(tx, plan.table, {
        workspaceId,
        after: round.after,
        upTo,
        limit,
      });
      const removed = looked.ids.length === 0 ? 0 : await plan.remove(tx, looked.ids);
      const is = { ...round, after: looked.last ?? round.after };
      await noteRetention(tx, workspaceId, { round: plan.name, kind: plan.kind, is, removed });
      return looked;
    };
    // A batch that a crash takes back is removed again.
    return await db.transaction(remove, { isDurable: false });
  }
}

/** The round that is under way, or a new one from the oldest on, when it is time. */
function currentRound({ rounds, now }: ClaimedRetention, plan: RoundPlan): Round {
  const before = rounds[plan.name];
  const isOver =
    before === undefined || now.getTime() - Date.parse(before.begunAt) >= plan.againAfterMs;
  return isOver ? { begunAt: now.toISOString(), after: null } : before;
}
