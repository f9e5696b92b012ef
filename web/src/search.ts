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

const moment = (raw: unknown): string | undefined =>
  typeof raw === 'string' && !Number.isNaN(Date.parse(raw)) ? raw : undefined;

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
  /** Moments that the runs began between, instead of `hours`. */
  from?: string;
  to?: string;
  cost?: string;
  q?: string;
}

const conversationStates = ['todo', 'follow_up', 'done'] as const;

/** What the inbox lists beside escalations. */
const otherKinds = ['approvals', 'fields'] as const;

export type InboxKind = 'escalations' | (typeof otherKinds)[number];

export interface InboxSearch {
  /** Escalations when absent. */
  show?: (typeof otherKinds)[number];
  /** Those that are decided too. */
  all?: true;
  mine?: true;
  agent?: string;
  item?: string;
}

export interface ConversationsSearch {
  state?: (typeof conversationStates)[number];
  archived?: true;
  tag?: string;
  q?: string;
  /** Where words are looked for: names when absent. */
  in?: 'messages';
}

export interface TriggerEventsSearch {
  agent?: string;
  source?: string;
  type?: string;
  entity?: string;
  matched?: 'yes' | 'no';
}

export const searchOf = {
  runs: (raw: Raw): RunsSearch =>
    given({
      agent: text(raw.agent),
      status: statuses.find((each) => each === raw.status),
      disposition: dispositions.find((each) => each === raw.disposition),
      trigger: text(raw.trigger),
      hours: Number(raw.hours) > 0 ? Number(raw.hours) : undefined,
      from: moment(raw.from),
      to: moment(raw.to),
      cost: text(raw.cost),
      q: text(raw.q),
    }),
  run: (raw: Raw): { step?: number; tab?: string } =>
    given({
      step: Number.isInteger(Number(raw.step)) && raw.step ? Number(raw.step) : undefined,
      tab: text(raw.tab),
    }),
  tool: (raw: Raw): { tab?: string } => given({ tab: text(raw.tab) }),
  agent: (raw: Raw): { tab?: string; beside?: true } =>
    given({ tab: text(raw.tab), beside: raw.beside ? (true as const) : undefined }),
  inbox: (raw: Raw): InboxSearch =>
    given({
      show: otherKinds.find((each) => each === raw.show),
      all: raw.all ? (true as const) : undefined,
      mine: raw.mine ? (true as const) : undefined,
      agent: text(raw.agent),
      item: text(raw.item),
    }),
  conversations: (raw: Raw): ConversationsSearch =>
    given({
      state: conversationStates.find((each) => each === raw.state),
      archived: raw.archived ? (true as const) : undefined,
      tag: text(raw.tag),
      q: text(raw.q),
      in: raw.in === 'messages' ? ('messages' as const) : undefined,
    }),
  contacts: (raw: Raw): { q?: string; archived?: true } =>
    given({ q: text(raw.q), archived: raw.archived ? (true as const) : undefined }),
  knowledge: (raw: Raw): { tab?: string; node?: string; q?: string } =>
    given({ tab: text(raw.tab), node: text(raw.node), q: text(raw.q) }),
  skill: (raw: Raw): { tab?: string } => given({ tab: text(raw.tab) }),
  schedules: (raw: Raw): { tab?: string; status?: string; agent?: string } =>
    given({ tab: text(raw.tab), status: text(raw.status), agent: text(raw.agent) }),
  triggerEvents: (raw: Raw): TriggerEventsSearch =>
    given({
      agent: text(raw.agent),
      source: text(raw.source),
      type: text(raw.type),
      entity: text(raw.entity),
      matched: (['yes', 'no'] as const).find((each) => each === raw.matched),
    }),
  usage: (raw: Raw): { days?: number; agent?: string; by?: 'agent' | 'model' | 'trigger' } =>
    given({
      days: Number(raw.days) > 0 ? Number(raw.days) : undefined,
      agent: text(raw.agent),
      by: (['agent', 'model', 'trigger'] as const).find((each) => each === raw.by),
    }),
  tests: (raw: Raw): { agent?: string } => given({ agent: text(raw.agent) }),
  compare: (raw: Raw): { left?: string; right?: string; agent?: string; other?: string } =>
    given({
      left: text(raw.left),
      right: text(raw.right),
      agent: text(raw.agent),
      other: text(raw.other),
    }),
};

export { dispositions, statuses };

/** Whether no time lies between the two moments. */
export function isTurnedAround({ from, to }: Pick<RunsSearch, 'from' | 'to'>): boolean {
  return from !== undefined && to !== undefined && from >= to;
}
