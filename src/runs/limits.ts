import type { AgentDefinition } from '../core/agent.ts';
import { assertNever } from '../core/assert-never.ts';
import type { JournalEntry } from '../core/journal.ts';
import { type Run, type StopReason, totalsOf } from '../core/run.ts';
import { runContextName } from '../core/run-context.ts';

/** Caps of a run when its agent sets none. Money has none: a price may be unknown. */
export const defaultLimits = { maxSteps: 100, maxTokens: 1_000_000, timeoutMs: 3_600_000 } as const;

export interface Caps {
  readonly maxSteps: number;
  readonly maxTokens: number;
  readonly maxCostUsd: number | null;
  readonly timeoutMs: number;
}

/** The agent's, or less where the run that asked for this one had less left. */
export function capsOf(definition: AgentDefinition, run: Pick<Run, 'budget' | 'createdAt'>): Caps {
  const own = ownCaps(definition);
  const { budget } = run;
  if (budget === null) return own;
  const untilMs = Math.max(0, Date.parse(budget.until) - run.createdAt.getTime());
  return {
    maxSteps: own.maxSteps,
    maxTokens: Math.min(own.maxTokens, budget.maxTokens),
    maxCostUsd:
      own.maxCostUsd === null || budget.maxCostUsd === null
        ? (own.maxCostUsd ?? budget.maxCostUsd)
        : Math.min(own.maxCostUsd, budget.maxCostUsd),
    timeoutMs: Math.min(own.timeoutMs, untilMs),
  };
}

function ownCaps(definition: AgentDefinition): Caps {
  return {
    maxSteps: definition.limits?.max_steps ?? defaultLimits.maxSteps,
    maxTokens: definition.limits?.max_tokens ?? defaultLimits.maxTokens,
    maxCostUsd: definition.limits?.max_cost_usd ?? null,
    timeoutMs: definition.limits?.timeout_ms ?? defaultLimits.timeoutMs,
  };
}

/** What a run has used so far; a lost model call counts with its estimate (I4). */
export interface Used {
  readonly steps: number;
  readonly tokens: number;
  readonly costUsd: number | null;
  readonly elapsedMs: number;
}

type CapReason = Extract<StopReason, 'max_steps' | 'max_tokens' | 'max_cost' | 'timeout'>;

/** Which cap forbids the next step, or null. Checked before a step: overshoot is at most one call. */
export function hitCap(caps: Caps, used: Used): CapReason | null {
  if (used.elapsedMs >= caps.timeoutMs) return 'timeout';
  if (used.steps >= caps.maxSteps) return 'max_steps';
  if (used.tokens >= caps.maxTokens) return 'max_tokens';
  if (caps.maxCostUsd !== null && (used.costUsd === null || used.costUsd >= caps.maxCostUsd)) {
    return 'max_cost';
  }
  return null;
}

/** The sentence a run's `error` carries. */
export function capSentence(reason: CapReason, caps: Caps): string {
  switch (reason) {
    case 'max_steps':
      return `The run reached its limit of ${caps.maxSteps} steps.`;
    case 'max_tokens':
      return `The run reached its limit of ${caps.maxTokens} tokens.`;
    case 'max_cost':
      return `The run reached its limit of ${caps.maxCostUsd} USD, or the price of its model is unknown.`;
    case 'timeout':
      return `The run reached its time limit of ${caps.timeoutMs} ms.`;
    default:
      return assertNever(reason);
  }
}

/** What the step limit does not count: waiting, and what judges a reply. */
const isNoWork: ReadonlySet<string> = new Set(['delay', 'approval', 'guardrail']);

/** Steps of its own; tokens and money with those of the runs it asked for. */
export function usedBy(run: Run, entries: readonly JournalEntry[], nowMs: number): Used {
  const own = entries.filter(
    (entry) => !isNoWork.has(entry.type) && !isCopied(entry) && !isContext(entry),
  );
  const total = totalsOf(run);
  const steps = new Set(own.map((entry) => entry.step)).size;
  return {
    steps,
    tokens: total.inputTokens + total.outputTokens,
    costUsd: total.costUsd,
    elapsedMs: nowMs - run.createdAt.getTime() - askedMs(entries, nowMs),
  };
}

/** For how long people were, or are, being asked: the time limit of a run stands still meanwhile. */
function askedMs(entries: readonly JournalEntry[], nowMs: number): number {
  let total = 0;
  let open = 0;
  let since = 0;
  for (const entry of entries) {
    if (entry.type !== 'approval' || isCopied(entry)) continue;
    const at = entry.createdAt.getTime();
    if (entry.state === 'started' && open++ === 0) since = at;
    if (entry.state !== 'started' && --open === 0) total += at - since;
  }
  return open > 0 ? total + nowMs - since : total;
}

/** What the run was given is nothing that it did. */
function isContext(entry: JournalEntry): boolean {
  return entry.type === 'tool' && entry.data.name === runContextName;
}

function isCopied(entry: JournalEntry): boolean {
  return 'copied' in entry.data && entry.data.copied === true;
}
