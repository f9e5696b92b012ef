import type { AlertRule, Body } from '../api/types.ts';

export type Kind = Body<'createAlert'>['kind'];
export type Setting = keyof NonNullable<Body<'createAlert'>['settings']>;

interface KindOfAlert {
  readonly label: string;
  readonly needs: readonly Setting[];
  readonly takes: readonly Setting[];
}

/** What one can be alarmed about, and what each needs to know. */
export const alertKinds: Readonly<Record<Kind, KindOfAlert>> = {
  failure_rate: {
    label: 'Too many runs fail',
    needs: ['window_minutes', 'max_share'],
    takes: ['min_runs', 'agent_id'],
  },
  trigger_silence: {
    label: 'A trigger is silent',
    needs: ['trigger_id', 'window_minutes'],
    takes: [],
  },
  queue_age: { label: 'Runs wait too long', needs: ['max_seconds'], takes: [] },
  spend: {
    label: 'Too much is spent',
    needs: ['window_minutes', 'max_cost_usd'],
    takes: ['agent_id'],
  },
  budget_exceeded: { label: 'A budget is used up', needs: [], takes: ['agent_id'] },
  key_expiry: { label: 'A key ends soon', needs: ['within_days'], takes: [] },
  sandbox_degraded: { label: 'The sandbox is weaker than it should be', needs: [], takes: [] },
};

/** The fields that are numbers, in words; a share is a percentage to people. */
export const numberSettings: Partial<Record<Setting, string>> = {
  window_minutes: 'Within, in minutes',
  min_runs: 'Of at least so many runs',
  max_share: 'More than, in %',
  max_seconds: 'Longer than, in seconds',
  max_cost_usd: 'More than, in $',
  within_days: 'Within, in days',
};

export function sayAlert(rule: AlertRule): string {
  const { label } = alertKinds[rule.kind as Kind] ?? { label: rule.kind };
  const settings = rule.settings as Readonly<Record<string, number | string>>;
  const parts = Object.entries(numberSettings).flatMap(([name, words]) => {
    const value = settings[name];
    if (typeof value !== 'number') return [];
    return [
      `${words.toLowerCase()}: ${name === 'max_share' ? Math.round(value * 1_000) / 10 : value}`,
    ];
  });
  return [label, ...parts].join(' · ');
}
