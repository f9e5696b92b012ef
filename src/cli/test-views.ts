// What the API answers of tests of agents, as far as it is printed.

export interface TestCaseView {
  readonly id: string;
  readonly agent_id: string;
  readonly name: string;
  readonly revision: number;
  readonly repeat: number;
  readonly from_run_id: string | null;
}

export interface PassRateView {
  readonly runs: number;
  readonly runs_ended: number;
  readonly runs_passed: number;
  readonly pass_rate: number | null;
  readonly pass_rate_low: number | null;
  readonly pass_rate_high: number | null;
  readonly cost_usd: number | null;
}

export interface TestRunView extends PassRateView {
  readonly id: string;
  readonly agent_id: string;
  readonly status: 'queued' | 'running' | 'cancelling' | 'completed' | 'cancelled';
  readonly passed: boolean | null;
  readonly reason: string | null;
  readonly variants: readonly (PassRateView & {
    readonly version: number;
    readonly model: string | null;
  })[];
  readonly created_at: string;
  readonly completed_at: string | null;
  /** Not in lists. */
  readonly cases?: readonly {
    readonly case_id: string;
    readonly name: string;
    readonly min_pass_rate: number;
    readonly passed: boolean | null;
    readonly variants: readonly PassRateView[];
  }[];
}

export interface TestResultView {
  readonly id: string;
  readonly case_name: string;
  readonly version: number;
  readonly model: string | null;
  readonly repeat: number;
  readonly status: string;
  readonly run_id: string | null;
  readonly reason: string | null;
  readonly verdicts:
    | readonly {
        readonly kind: string;
        readonly expected: string;
        readonly passed: boolean;
        readonly detail: string | null;
      }[]
    | null;
  readonly started_at: string | null;
  readonly completed_at: string | null;
}

/** `v3`, or `v3 on openai/gpt-5`. */
export function variantName(of: {
  readonly version: number;
  readonly model: string | null;
}): string {
  return of.model === null ? `v${of.version}` : `v${of.version} on ${of.model}`;
}
