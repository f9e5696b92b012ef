import type { RunFilters } from './api/types.ts';

// What a page's address may say after the question mark; anything else is dropped.

type Raw = Record<string, unknown>;

const text = (raw: unknown): string | undefined =>
  typeof raw === 'string' && raw !== '' ? raw : typeof raw === 'number' ? String(raw) : undefined;

function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as never;
}

const statuses = ['accepted', 'running', 'completed', 'failed'] as const;
const dispositions = [
  'resolved',
  'escalated',
  'escalation_and_answer',
  'unresolved',
  'no_op',
  'proactive',
] as const;

export interface RunsSearch {
  agent?: string;
  status?: NonNullable<RunFilters['status']>;
  disposition?: NonNullable<RunFilters['disposition']>;
  trigger?: string;
  /** Hours up to now; all time when absent. */
  hours?: number;
  cost?: string;
  q?: string;
}

export const searchOf = {
  runs: (raw: Raw): RunsSearch =>
    given({
      agent: text(raw.agent),
      status: statuses.find((each) => each === raw.status),
      disposition: dispositions.find((each) => each === raw.disposition),
      trigger: text(raw.trigger),
      hours: Number(raw.hours) > 0 ? Number(raw.hours) : undefined,
      cost: text(raw.cost),
      q: text(raw.q),
    }),
  run: (raw: Raw): { step?: number; tab?: string } =>
    given({
      step: Number.isInteger(Number(raw.step)) && raw.step ? Number(raw.step) : undefined,
      tab: text(raw.tab),
    }),
  agent: (raw: Raw): { tab?: string } => given({ tab: text(raw.tab) }),
  compare: (raw: Raw): { left?: string; right?: string; agent?: string; other?: string } =>
    given({
      left: text(raw.left),
      right: text(raw.right),
      agent: text(raw.agent),
      other: text(raw.other),
    }),
};

export { dispositions, statuses };
