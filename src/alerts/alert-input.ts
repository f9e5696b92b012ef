import { z } from 'zod';
import { type AlertKind, type AlertSettings, alertKinds } from '../core/alert.ts';
import { secretNameForm } from '../core/secret.ts';

// What may be written of an alert. Settings that a kind does not read would silently do nothing: they are refused.

export const alertMaxima = { perWorkspace: 100, emails: 10 } as const;

const minutes = z.number().int().min(1).max(44_640);

export const alertFields = {
  name: z.string().min(1).max(200),
  kind: z.enum(alertKinds),
  settings: z.strictObject({
    agent_id: z.string().optional(),
    trigger_id: z.string().optional(),
    window_minutes: minutes.optional(),
    min_runs: z.number().int().min(1).max(1_000_000).optional(),
    max_share: z.number().min(0).max(1).optional(),
    max_seconds: z.number().int().min(1).max(2_678_400).optional(),
    max_cost_usd: z.number().positive().max(1_000_000_000).optional(),
    within_days: z.number().int().min(0).max(365).optional(),
  }),
  notify: z.strictObject({
    emails: z.array(z.email().max(320)).max(alertMaxima.emails).default([]),
    slack_secret: z
      .string()
      .regex(secretNameForm, 'must be the name of a secret')
      .nullable()
      .default(null),
  }),
  enabled: z.boolean(),
} as const;

type Setting = keyof AlertSettings;

/** By kind: what it needs, and what it may have. */
export const settingsOfKind: Readonly<
  Record<AlertKind, { readonly needs: readonly Setting[]; readonly takes: readonly Setting[] }>
> = {
  failure_rate: { needs: ['window_minutes', 'max_share'], takes: ['min_runs', 'agent_id'] },
  trigger_silence: { needs: ['trigger_id', 'window_minutes'], takes: [] },
  queue_age: { needs: ['max_seconds'], takes: [] },
  spend: { needs: ['window_minutes', 'max_cost_usd'], takes: ['agent_id'] },
  budget_exceeded: { needs: [], takes: ['agent_id'] },
  key_expiry: { needs: ['within_days'], takes: [] },
  sandbox_degraded: { needs: [], takes: [] },
};
