import type { KeptFile } from '../core/artifact.ts';
import type { StepType } from '../core/journal.ts';
import type { CallConnection } from '../core/sandbox.ts';

export const stepStatuses = [
  'running',
  'done',
  'failed',
  'interrupted',
  'lost',
  'cancelled',
  /** A dry run wrote the call down and did not make it. */
  'planned',
] as const;

export interface Step {
  readonly stepId: string;
  /** `seq` of the step's latest entry: what a stream resumes after. */
  readonly seq: number;
  readonly type: StepType;
  readonly status: (typeof stepStatuses)[number];
  /** The tool's or the model's name. */
  readonly name: string;
  readonly input: unknown;
  readonly output: unknown;
  /** A tool's input and output as JSON text, as they were given (I9); null for what is none of a tool's. */
  readonly inputJson: string | null;
  readonly outputJson: string | null;
  readonly error: string | null;
  readonly logs: string | null;
  /** Null where the call could reach nothing. */
  readonly connections: readonly CallConnection[] | null;
  /** Files that the call handed over. */
  readonly artifacts: readonly KeptFile[];
  readonly startedAt: Date;
  readonly completedAt: Date | null;
  readonly durationMs: number | null;
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number } | null;
  readonly costUsd: number | null;
  readonly attempts: number;
  readonly callId: string | null;
  /** Of a custom tool: `tool_version` is a version of its code. */
  readonly toolId: string | null;
  readonly toolVersion: number | null;
  /** The run that a call of another agent is done by. */
  readonly childRunId: string | null;
  /** Taken over from the run that this one was forked from; `edited` in what it returned. */
  readonly copied: boolean;
  readonly edited: boolean;
}

/** A step of which nothing but its beginning is known. */
export function newStep(base: Pick<Step, 'stepId' | 'seq'>, type: StepType, startedAt: Date): Step {
  return {
    ...base,
    type,
    status: 'running',
    name: '',
    input: null,
    output: null,
    inputJson: null,
    outputJson: null,
    error: null,
    logs: null,
    connections: null,
    artifacts: [],
    startedAt,
    completedAt: null,
    durationMs: null,
    usage: null,
    costUsd: null,
    attempts: 1,
    callId: null,
    toolId: null,
    toolVersion: null,
    childRunId: null,
    copied: false,
    edited: false,
  };
}
