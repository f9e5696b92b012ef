import { z } from '@hono/zod-openapi';
import { assertNever } from '../../core/assert-never.ts';
import { type JournalEntry, stepId } from '../../core/journal.ts';
import { RawJson, rawOr } from '../../core/raw-json.ts';
import type { Run } from '../../core/run.ts';
import type { Step } from '../../runs/step.ts';
import { stepsOf } from '../../runs/steps.ts';
import { showConnection } from '../connection-view.ts';
import { showKeptFile } from '../kept-file-view.ts';

// The journal as Neo's step trace. A tool's step is two rows there, its call and its result, which share
// `tool_call_id`; how the run ended is one, too.

export const executionStepTypes = [
  'THOUGHT',
  'TOOL_CALL',
  'TOOL_RESULT',
  'FINAL_MESSAGE',
  'APPROVAL',
  'ERROR',
] as const;
export type ExecutionStepType = (typeof executionStepTypes)[number];

export const executionStep = z
  .object({
    step_id: z.string(),
    type: z.enum(executionStepTypes),
    created_at: z.string().openapi({ format: 'date-time' }),
    message: z.string().nullable(),
    data: z
      .looseObject({})
      .optional()
      .openapi({ description: 'Input, output or reasoning; absent with `include_data=false`.' }),
    is_error: z.boolean(),
    tool_call_id: z.string().nullable(),
    tool_type_name: z.string().nullable(),
  })
  .openapi('ExecutionStep');

export type ExecutionStepRow = z.input<typeof executionStep>;

/** All rows of a run's trace, in the order in which they were committed. */
export function executionStepsOf(
  run: Run,
  journal: readonly JournalEntry[],
): readonly ExecutionStepRow[] {
  const began = new Map(journal.map((entry) => [stepId(run.id, entry.step), entry.step]));
  return [
    ...stepsOf(run.id, journal).flatMap((step) => placed(step, began)),
    ...endOf(run, journal),
  ]
    .toSorted((a, b) => a.seq - b.seq)
    .map(({ row }) => row);
}

interface Placed {
  readonly seq: number;
  readonly row: ExecutionStepRow;
}

function placed(step: Step, began: ReadonlyMap<string, number>): Placed[] {
  switch (step.type) {
    case 'model':
      return [{ seq: step.seq, row: modelRow(step) }];
    case 'tool': {
      const call = { seq: began.get(step.stepId) ?? step.seq, row: callRow(step) };
      return step.completedAt === null
        ? [call]
        : [call, { seq: step.seq, row: resultRow(step, step.completedAt) }];
    }
    case 'approval':
      return [{ seq: step.seq, row: otherRow(step, 'APPROVAL') }];
    case 'delay':
    case 'delivery':
    case 'guardrail':
      return [{ seq: step.seq, row: otherRow(step, step.error === null ? 'THOUGHT' : 'ERROR') }];
    default:
      return assertNever(step.type);
  }
}

function modelRow(step: Step): ExecutionStepRow {
  const said = (step.output ?? {}) as { text?: string; reasoning?: string | null };
  return {
    step_id: step.stepId,
    type: step.error === null ? 'THOUGHT' : 'ERROR',
    created_at: (step.completedAt ?? step.startedAt).toISOString(),
    message: step.error ?? (said.reasoning || said.text || null),
    data: { model: step.name, ...(step.output ?? {}), ...measuresOf(step) },
    is_error: step.error !== null,
    tool_call_id: null,
    tool_type_name: null,
  };
}

function callRow(step: Step): ExecutionStepRow {
  return {
    step_id: step.stepId,
    type: 'TOOL_CALL',
    created_at: step.startedAt.toISOString(),
    message: null,
    data: { input: rawOr(step.inputJson, step.input), tool_version: step.toolVersion },
    is_error: false,
    tool_call_id: step.callId,
    tool_type_name: step.name,
  };
}

const notMade = 'Dry run: the call was written down and not made.';

function resultRow(step: Step, completedAt: Date): ExecutionStepRow {
  return {
    step_id: `${step.stepId}:result`,
    type: 'TOOL_RESULT',
    created_at: completedAt.toISOString(),
    message: step.status === 'planned' ? notMade : (step.error ?? messageIn(step.output)),
    data: {
      output: rawOr(step.outputJson, step.output),
      logs: step.logs,
      ...(step.artifacts.length === 0 ? {} : { artifacts: step.artifacts.map(showKeptFile) }),
      ...(step.connections === null ? {} : { connections: step.connections.map(showConnection) }),
      ...measuresOf(step),
    },
    is_error: step.error !== null,
    tool_call_id: step.callId,
    tool_type_name: step.name,
  };
}

function otherRow(step: Step, type: ExecutionStepType): ExecutionStepRow {
  return {
    step_id: step.stepId,
    type,
    created_at: (step.completedAt ?? step.startedAt).toISOString(),
    message: step.error,
    data: { kind: step.type, input: step.input, output: step.output, ...measuresOf(step) },
    is_error: step.error !== null,
    tool_call_id: step.callId,
    tool_type_name: null,
  };
}

function endOf(run: Run, journal: readonly JournalEntry[]): Placed[] {
  const end = journal.at(-1);
  if (end?.type !== 'end') return [];
  const failed = end.state !== 'done';
  const row: ExecutionStepRow = {
    step_id: stepId(run.id, end.step),
    type: failed ? 'ERROR' : 'FINAL_MESSAGE',
    created_at: end.createdAt.toISOString(),
    message: failed ? end.data.error : end.data.response,
    data: {
      stop_reason: end.data.stopReason,
      disposition: end.data.disposition,
      disposition_reason: run.dispositionReason,
      reflection: run.reflection,
      output: run.outputJson === null ? null : new RawJson(run.outputJson),
    },
    is_error: failed,
    tool_call_id: null,
    tool_type_name: null,
  };
  return [{ seq: end.seq, row }];
}

function measuresOf(step: Step) {
  return {
    status: step.status,
    attempts: step.attempts,
    duration_ms: step.durationMs,
    token_usage:
      step.usage === null
        ? null
        : { input: step.usage.inputTokens, output: step.usage.outputTokens },
    cost: step.costUsd,
  };
}

/** Tools return `{message, rawData}`. */
function messageIn(output: unknown): string | null {
  if (typeof output !== 'object' || output === null || !('message' in output)) return null;
  return typeof output.message === 'string' ? output.message : null;
}
