import {
  type Retention,
  type RetentionKind,
  type RetentionRule,
  type RetentionRules,
  retentionKinds,
} from '../core/retention.ts';
import { refusal } from '../core/validate.ts';
import type { Database } from '../store/connect.ts';
import { getRetention, setRetention } from '../store/retention.ts';

export interface RetentionDeps {
  readonly db: Database;
  /** Rules have changed: pruning looks at once. */
  readonly nudge: () => void;
}

/** By kind; null keeps everything of it, and what is absent stays as it is. */
export type RetentionPatch = {
  readonly [K in RetentionKind]?:
    | { readonly [L in keyof RetentionRule]?: RetentionRule[L] | undefined }
    | null
    | undefined;
};

/** Changes what the workspace keeps. Throws `validation_error` for a rule that would limit nothing. */
export async function changeRetention(
  deps: RetentionDeps,
  workspaceId: string,
  patch: RetentionPatch,
): Promise<Retention> {
  const changed = await deps.db.transaction(async (tx) => {
    const before = await getRetention(tx, workspaceId);
    const rules = { ...before.rules, ...limitsIn(patch) };
    const kept: RetentionRules = Object.fromEntries(
      Object.entries(rules).filter(([, rule]) => rule !== null),
    );
    await setRetention(tx, workspaceId, kept);
    return await getRetention(tx, workspaceId);
  });
  deps.nudge();
  return changed;
}

function limitsIn(patch: RetentionPatch): Partial<Record<RetentionKind, RetentionRule | null>> {
  const limits: Partial<Record<RetentionKind, RetentionRule | null>> = {};
  for (const kind of retentionKinds) {
    const given = patch[kind];
    if (given === undefined) continue;
    const rule = given && {
      max_age_days: given.max_age_days ?? null,
      max_count: given.max_count ?? null,
    };
    if (rule !== null && rule.max_age_days === null && rule.max_count === null) {
      const problem = 'needs max_age_days or max_count; null in its place keeps everything';
      throw refusal(new Map([[kind, problem]]));
    }
    limits[kind] = rule;
  }
  return limits;
}
