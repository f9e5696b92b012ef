import { z } from '@hono/zod-openapi';
import { triggerTypes } from '../../core/agent.ts';
import { dispositions } from '../../core/disposition.ts';
import type { Escalation } from '../../core/escalation.ts';
import type { Feedback } from '../../core/feedback.ts';
import type { JournalEntry } from '../../core/journal.ts';
import { RawJson, rawOr } from '../../core/raw-json.ts';
import { engineNames, type Run, type RunStatus, stopReasons, totalsOf } from '../../core/run.ts';
import { traceParts } from '../../core/trace-context.ts';
import type { Step } from '../../runs/step.ts';
import { toolTraceOf } from '../../runs/steps.ts';
import { connectionShape, showConnection } from '../connection-view.ts';
import { feedbackShape, showFeedback } from '../feedback-view.ts';
import { keptFileShape, showKeptFile } from '../kept-file-view.ts';
import { escalationLink, showEscalationLink } from './escalation-view.ts';
import { iso, isoOrNull } from './times.ts';

// A run as this dialect shows it: `waiting` reads as `running`, `cancelled` as `failed` with an error that
// says who cancelled.

export const shownStatuses = ['accepted', 'running', 'completed', 'failed'] as const;
type ShownStatus = (typeof shownStatuses)[number];

/** The states of ours that a status of this dialect stands for. */
export const statusesShownAs: Readonly<Record<ShownStatus, readonly RunStatus[]>> = {
  accepted: ['accepted'],
  running: ['running', 'waiting'],
  completed: ['completed'],
  failed: ['failed', 'cancelled'],
};

export const runSummary = z.object({
  id: z.string(),
  run_id: z.string(),
  agent_id: z.string(),
  workspace_id: z.string(),
  status: z.enum(shownStatuses),
  disposition: z.enum(dispositions).nullable(),
  contact_id: z.string().nullable(),
  conversation_id: z.string().nullable(),
  trigger_id: z.string().nullable(),
  error: z.string().nullable(),
  duration_ms: z.number().nullable(),
  token_usage: z.object({ input: z.number(), output: z.number() }).nullable(),
  total_cost: z.number().nullable().openapi({ description: 'USD; null when a price is unknown.' }),
  trace_id: z.string().nullable(),
  created_at: z.string(),
  completed_at: z.string().nullable(),
  agent_version: z.number().int(),
  model: z.string(),
  stop_reason: z.enum(stopReasons).nullable(),
  retry_of: z.string().nullable(),
  parent_run_id: z
    .string()
    .nullable()
    .openapi({ description: '`id` of the run whose agent asked this one’s.' }),
  forked_from: z.string().nullable(),
  from_step: z.number().int().nullable().openapi({ description: 'Steps before it were copied.' }),
  dry_run: z.boolean(),
  test_run_id: z.string().nullable().openapi({ description: 'The test run that it belongs to.' }),
});

export const runDetail = runSummary.extend({
  engine: z.enum(engineNames).openapi({ description: 'Who drives it, from its start to its end.' }),
  engine_run_id: z.string().nullable().openapi({
    description: 'Temporal’s id of the execution that drives it, or last did.',
  }),
  engine_url: z.string().nullable().openapi({
    description:
      'Where Temporal’s own web interface shows that execution; null without `SIGNALBOX_TEMPORAL_UI_URL`.',
  }),
  session_id: z.string().nullable(),
  disposition_reason: z.string().nullable(),
  trigger_event_id: z.string().nullable(),
  response: z.string().nullable(),
  reflection: z.string().nullable(),
  tool_trace: z.array(z.unknown()).nullable(),
  trigger_type: z.enum(triggerTypes).nullable(),
  payload: z.unknown().openapi({ description: 'What the run was started with.' }),
  instructions: z
    .string()
    .nullable()
    .openapi({ description: 'Those of a fork, in place of the agent’s.' }),
  output: z.unknown().openapi({ description: 'Structured output, by the agent’s output_schema.' }),
  superseded_by: z
    .string()
    .nullable()
    .openapi({ description: '`id` of the run that answers in its place.' }),
  escalation: escalationLink.nullable().openapi({
    description: 'Its hand-over to people, and what became of it since the run ended.',
  }),
  feedback: z.array(feedbackShape).openapi({ description: 'What people said of it, by links.' }),
});

export const stepShape = z.object({
  step_id: z.string(),
  seq: z.number().int(),
  type: z.string(),
  status: z.string(),
  name: z.string(),
  input: z.unknown(),
  output: z.unknown(),
  error: z.string().nullable(),
  logs: z.string().nullable(),
  connections: z.array(connectionShape).nullable(),
  artifacts: z.array(keptFileShape).openapi({ description: 'Files that the call handed over.' }),
  started_at: z.string(),
  completed_at: z.string().nullable(),
  duration_ms: z.number().nullable(),
  token_usage: z.object({ input: z.number(), output: z.number() }).nullable(),
  cost: z.number().nullable(),
  attempts: z.number().int(),
  tool_call_id: z.string().nullable(),
  tool_id: z.string().nullable(),
  tool_version: z.number().int().nullable(),
  child_run_id: z
    .string()
    .nullable()
    .openapi({ description: 'Of a call of another agent: `id` of the run that does it.' }),
  copied: z.boolean().openapi({ description: 'Taken over by a fork.' }),
  edited: z.boolean().openapi({ description: 'Its result was given to the fork.' }),
});

/** Tokens and cost are those of the run and of all that it asked other agents for. */
export function showRunSummary(run: Run) {
  const total = totalsOf(run);
  return {
    id: run.id,
    run_id: run.runId,
    agent_id: run.agentId,
    workspace_id: run.workspaceId,
    status: shownStatusOf(run.status),
    disposition: run.disposition,
    contact_id: run.contactId,
    conversation_id: run.conversationId,
    trigger_id: run.triggerId,
    error: run.error,
    duration_ms:
      run.completedAt === null ? null : run.completedAt.getTime() - run.createdAt.getTime(),
    token_usage: { input: total.inputTokens, output: total.outputTokens },
    total_cost: total.costUsd,
    trace_id: traceParts(run.traceId).traceId,
    created_at: iso(run.createdAt),
    completed_at: isoOrNull(run.completedAt),
    agent_version: run.agentVersion,
    model: run.model,
    stop_reason: run.stopReason,
    retry_of: run.retryOf,
    parent_run_id: run.parentRunId,
    forked_from: run.forkedFrom,
    from_step: run.fromStep,
    dry_run: run.dryRun,
    test_run_id: run.testRunId,
  };
}

export function showRun(
  run: Run,
  journal: readonly JournalEntry[],
  later: {
    readonly escalation: Escalation | null;
    readonly supersededBy: string | null;
    readonly feedback: readonly Feedback[];
    readonly engineUrl: string | null;
  },
) {
  return {
    ...showRunSummary(run),
    engine: run.engine,
    engine_run_id: run.engineRunId,
    engine_url: later.engineUrl,
    session_id: run.sessionId,
    disposition_reason: run.dispositionReason,
    trigger_event_id: run.triggerEventId,
    response: run.response,
    reflection: run.reflection,
    tool_trace: toolTraceOf(run.id, journal),
    trigger_type: run.triggerType,
    payload: new RawJson(run.payloadJson),
    instructions: run.instructions,
    output: run.outputJson === null ? null : new RawJson(run.outputJson),
    superseded_by: later.supersededBy,
    escalation: showEscalationLink(later.escalation),
    feedback: later.feedback.map(showFeedback),
  };
}

export function showStep(step: Step) {
  return {
    step_id: step.stepId,
    seq: step.seq,
    type: step.type,
    status: step.status,
    name: step.name,
    input: rawOr(step.inputJson, step.input),
    output: rawOr(step.outputJson, step.output),
    error: step.error,
    logs: step.logs,
    connections: step.connections?.map(showConnection) ?? null,
    artifacts: step.artifacts.map(showKeptFile),
    started_at: iso(step.startedAt),
    completed_at: isoOrNull(step.completedAt),
    duration_ms: step.durationMs,
    token_usage:
      step.usage === null
        ? null
        : { input: step.usage.inputTokens, output: step.usage.outputTokens },
    cost: step.costUsd,
    attempts: step.attempts,
    tool_call_id: step.callId,
    tool_id: step.toolId,
    tool_version: step.toolVersion,
    child_run_id: step.childRunId,
    copied: step.copied,
    edited: step.edited,
  };
}

function shownStatusOf(status: RunStatus): ShownStatus {
  if (status === 'waiting') return 'running';
  return status === 'cancelled' ? 'failed' : status;
}
