import type { TestResult, TestRunRow } from '../api/types.ts';
import type { Tone } from '../ui/Badge.tsx';

type Outcome = Pick<TestRunRow, 'status' | 'passed'>;

export function isTestRunEnded({ status }: Pick<TestRunRow, 'status'>): boolean {
  return status === 'completed' || status === 'cancelled';
}

export function outcomeOf({ status, passed }: Outcome): readonly [Tone, string] {
  if (status === 'queued') return ['plain', 'Queued'];
  if (status === 'running') return ['live', 'Running'];
  if (status === 'cancelling') return ['live', 'Cancelling'];
  if (status === 'cancelled') return ['plain', 'Cancelled'];
  return passed ? ['good', 'Passed'] : ['bad', 'Not passed'];
}

export const resultTones: Readonly<Record<TestResult['status'], Tone>> = {
  pending: 'plain',
  running: 'live',
  passed: 'good',
  failed: 'bad',
  error: 'warn',
  skipped: 'plain',
  cancelled: 'plain',
};

interface Rate {
  readonly runs_ended: number;
  readonly runs_passed: number;
  readonly pass_rate: number | null;
  readonly pass_rate_low: number | null;
  readonly pass_rate_high: number | null;
}

const percent = (share: number | null) => `${Math.round((share ?? 0) * 100)} %`;

/** `67 %, 95 % between 30 % and 90 %`, as short as it can be said. */
export function sayRate(rate: Rate): string {
  if (rate.pass_rate === null || rate.runs_ended === 0) return 'not yet';
  return percent(rate.pass_rate);
}

/** The interval that the true rate is in, as far as so many runs can tell. */
export function sayInterval(rate: Rate): string {
  if (rate.pass_rate_low === null || rate.runs_ended === 0) return '';
  return `${percent(rate.pass_rate_low)} to ${percent(rate.pass_rate_high)}`;
}

export function nameOfVariant(variant: {
  readonly version: number;
  readonly model: string | null;
}): string {
  return `Version ${variant.version}${variant.model ? ` on ${variant.model}` : ''}`;
}
