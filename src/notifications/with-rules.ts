import { guardrailViolated } from '../core/escalation.ts';
import type { GuardrailJudged } from '../core/journal.ts';
import type { Queryable } from '../store/connect.ts';
import { readLastWords } from '../store/escalations.ts';
import type { NotificationItem } from '../store/notification-facts.ts';

/**
 * The same; where a reply was kept back, with the names of the rules that it breaks. What of the reply breaks them stands in
 * the inbox alone, since it may quote what a customer wrote.
 */
export async function withRules(
  db: Queryable,
  items: readonly NotificationItem[],
): Promise<readonly NotificationItem[]> {
  const broke = items.filter(isKeptBack).map(({ runId }) => runId);
  if (broke.length === 0) return items;
  const verdicts = (await readLastWords(db, broke)).filter(({ type }) => type === 'guardrail');
  const rules = new Map(verdicts.map(({ runId, data }) => [runId, namesIn(data)]));
  return items.map((item) => {
    const names = isKeptBack(item) ? (rules.get(item.runId) ?? '') : '';
    return names === '' ? item : { ...item, reason: `${guardrailViolated}: ${names}` };
  });
}

function isKeptBack({ kind, reason }: NotificationItem): boolean {
  return kind === 'escalation' && reason === guardrailViolated;
}

function namesIn(data: string): string {
  const { violations } = JSON.parse(data) as GuardrailJudged;
  return [...new Set((violations ?? []).map(({ title }) => `“${title}”`))].join(', ');
}
