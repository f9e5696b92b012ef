import { type AskedFor, BudgetSpent, type NamedModel } from '../core/knowledge.ts';
import {
  type FailedAttempt,
  type ModelUsage,
  noUsage,
  type WorkspaceModels,
} from '../core/model.ts';
import { estimateUsage } from '../models/usage.ts';
import type { Queryable } from '../store/connect.ts';
import { countCall } from '../store/usage.ts';
import type { MeasuredCall } from '../telemetry/run-metrics.ts';

// What models are asked for knowledge is no step of a run, so no run's sums have it: it is counted on its own, as soon
// as it is known, and whatever became of the answer.

/** A call that came to its end, for who measures. */
export interface KnowledgeCall extends MeasuredCall {
  readonly operation: 'embeddings' | 'rerank';
}

export interface CountDeps {
  readonly db: Queryable;
  readonly registry: Pick<WorkspaceModels, 'costOf'>;
  /** Why the workspace has nothing left to spend, or null. */
  readonly whySpent?: (workspaceId: string) => Promise<string | null>;
  readonly onCall?: (call: KnowledgeCall) => void;
}

/** Adds up what a call has used. */
export class Meter {
  usage: ModelUsage = noUsage;
  /** Of answers that say it themselves; undefined: it is asked of the prices. */
  costUsd: number | null | undefined;

  /** A request with the provider's count, or an estimate where it has none. */
  tokens(counted: number | null, texts: readonly string[]): void {
    this.#add({ ...noUsage, inputTokens: counted ?? estimateTokens(texts) });
  }

  /** An answer of a language model, or an attempt that broke off. */
  answer({ usage, costUsd = null }: Pick<FailedAttempt, 'usage' | 'costUsd'>): void {
    if (usage === undefined) return;
    this.#add(usage);
    const before = this.costUsd === undefined ? 0 : this.costUsd;
    this.costUsd = before === null || costUsd === null ? null : before + costUsd;
  }

  #add({ inputTokens, outputTokens }: ModelUsage): void {
    this.usage = {
      ...this.usage,
      inputTokens: this.usage.inputTokens + inputTokens,
      outputTokens: this.usage.outputTokens + outputTokens,
    };
  }
}

/** Four characters a token. */
export function estimateTokens(texts: readonly string[]): number {
  const messages = texts.map((text) => ({ role: 'user' as const, text }));
  return estimateUsage({ messages, tools: [], answer: '' }).inputTokens;
}

/** Calls within the budgets, and counts what was used. Throws `BudgetSpent`, and what the call throws. */
export async function counted<T>(
  deps: CountDeps,
  asked: NamedModel & AskedFor & Pick<KnowledgeCall, 'operation'>,
  call: (meter: Meter) => Promise<T>,
): Promise<T> {
  const { workspaceId, runId, model, operation } = asked;
  // A run that has started goes on to its end, with all that it asks for.
  const spent = runId === null ? await deps.whySpent?.(workspaceId) : null;
  if (spent) throw new BudgetSpent(spent);
  const meter = new Meter();
  const startedAt = performance.now();
  let isFailed = true;
  try {
    const made = await call(meter);
    isFailed = false;
    return made;
  } finally {
    const durationMs = performance.now() - startedAt;
    const { usage } = meter;
    const { inputTokens, outputTokens } = usage;
    const isUsed = inputTokens + outputTokens > 0;
    const costUsd = !isUsed
      ? 0
      : meter.costUsd === undefined
        ? await deps.registry.costOf(workspaceId, model, usage)
        : meter.costUsd;
    const used = { model, inputTokens, outputTokens, costUsd };
    deps.onCall?.({ ...used, operation, durationMs, isFailed });
    if (isUsed) await countCall(deps.db, { ...used, workspaceId, runId });
  }
}
