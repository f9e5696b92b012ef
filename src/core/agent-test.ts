// Tests of agents: a case says what goes in, how tools answer and what is to come out; a test run holds cases
// against versions and models of their agent.

export const testRunStatuses = [
  'queued',
  'running',
  'cancelling',
  'completed',
  'cancelled',
] as const;
export type TestRunStatus = (typeof testRunStatuses)[number];

export const testResultStatuses = [
  'pending',
  'running',
  'passed',
  'failed',
  /** It could not be judged. */
  'error',
  'skipped',
  'cancelled',
] as const;
export type TestResultStatus = (typeof testResultStatuses)[number];

export interface TestMessage {
  readonly from: 'contact' | 'agent';
  readonly text: string;
}

/** What a tool returns in a test, in place of its own result. */
export interface ScriptedResult {
  readonly tool: string;
  /** Every member must be in the call's arguments, with this value; absent: whatever they are. */
  readonly arguments?: Readonly<Record<string, unknown>> | undefined;
  /** A string is the message; anything else that has no `message` is the raw data. */
  readonly result?: unknown;
  /** Instead of a result: the call fails with this. */
  readonly error?: string | undefined;
  /** How many calls it answers; absent: any number. */
  readonly times?: number | undefined;
}

export interface ExpectedCall {
  readonly tool: string;
  readonly arguments?: Readonly<Record<string, unknown>> | undefined;
  /** Exactly so often; absent: at least once. */
  readonly times?: number | undefined;
}

export interface ExpectedValue {
  /** A JSON pointer into the structured output; empty for all of it. */
  readonly path: string;
  readonly equals?: unknown;
  readonly matches?: string | undefined;
  readonly exists?: boolean | undefined;
}

/** One rule for the response's text. */
export interface ExpectedText {
  readonly equals?: string | undefined;
  readonly contains?: string | undefined;
  readonly not_contains?: string | undefined;
  readonly matches?: string | undefined;
  readonly not_matches?: string | undefined;
  /** A criterion in words, which a model judges. */
  readonly judge?: string | undefined;
}

export interface TestExpectations {
  readonly status?: 'completed' | 'failed' | undefined;
  readonly disposition?: readonly string[] | undefined;
  readonly output?: readonly ExpectedValue[] | undefined;
  readonly tools_called?: readonly ExpectedCall[] | undefined;
  readonly tools_not_called?: readonly Omit<ExpectedCall, 'times'>[] | undefined;
  /** These were called in this order, whatever came between. */
  readonly tools_in_order?: readonly string[] | undefined;
  readonly max_cost_usd?: number | undefined;
  readonly max_tool_calls?: number | undefined;
  readonly text?: readonly ExpectedText[] | undefined;
}

/** What a case holds; JSON, in the API's own names. */
export interface TestDefinition {
  /** JSON text (I9). */
  readonly payloadJson: string;
  readonly conversation: readonly TestMessage[] | null;
  readonly entity_id: string | null;
  readonly additional_instructions: string | null;
  readonly tools: {
    /** What becomes of calls that no result is given for. */
    readonly others: 'refuse' | 'real';
    readonly results: readonly ScriptedResult[];
  };
  readonly expect: TestExpectations;
  /** How often it runs, unless the test run says otherwise. */
  readonly repeat: number;
  /** The share of its runs that must pass. */
  readonly min_pass_rate: number;
}

export interface TestCase {
  readonly id: string;
  readonly workspaceId: string;
  readonly agentId: string;
  readonly name: string;
  readonly description: string;
  readonly revision: number;
  readonly definition: TestDefinition;
  readonly fromRunId: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What cases run on. */
export interface TestVariant {
  readonly version: number;
  /** In place of the version's own. */
  readonly model: string | null;
}

export interface TestRun {
  readonly id: string;
  readonly workspaceId: string;
  readonly agentId: string;
  readonly status: TestRunStatus;
  /** Null until it is completed. */
  readonly passed: boolean | null;
  readonly variants: readonly TestVariant[];
  /** Null: each case's own. */
  readonly repeats: number | null;
  readonly maxCostUsd: number | null;
  readonly judgeModel: string | null;
  readonly concurrency: number;
  readonly reason: string | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly completedAt: Date | null;
}

/** A case as it was when its test run was asked for. */
export interface TestRunCase {
  readonly n: number;
  readonly caseId: string;
  readonly name: string;
  readonly revision: number;
  readonly definition: TestDefinition;
}

/** Whether one expectation was met. */
export interface TestVerdict {
  readonly kind: string;
  /** As a sentence. */
  readonly expected: string;
  readonly passed: boolean;
  /** What came instead, or a judge's reason. */
  readonly detail: string | null;
  readonly judge?: { readonly model: string; readonly cost_usd: number | null };
}

export interface TestResult {
  readonly id: string;
  readonly testRunId: string;
  readonly caseN: number;
  readonly variantN: number;
  readonly repeatN: number;
  readonly status: TestResultStatus;
  readonly runId: string | null;
  readonly verdicts: readonly TestVerdict[] | null;
  /** USD; null while unknown. */
  readonly costUsd: number | null;
  readonly reason: string | null;
  readonly startedAt: Date | null;
  readonly completedAt: Date | null;
}
