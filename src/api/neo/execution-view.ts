import { z } from '@hono/zod-openapi';
import { triggerTypes } from '../../core/agent.ts';
import { dispositions } from '../../core/disposition.ts';
import type { Feedback } from '../../core/feedback.ts';
import { RawJson } from '../../core/raw-json.ts';
import { type Run, stopReasons, totalsOf } from '../../core/run.ts';
import { traceParts } from '../../core/trace-context.ts';
import { type AgentLabel, readAgentLabels } from '../../store/agent-labels.ts';
import { listFeedback } from '../../store/feedback.ts';
import { readLastChanges } from '../../store/run-changes.ts';
import type { ApiDeps } from '../deps.ts';
import { feedbackShape, showFeedback } from '../feedback-view.ts';
import { executionStatuses, executionStatusOf } from './execution-status.ts';

// Executions as Neo's pages show them. Fields after `updated_at` are ours.

const time = z.string().openapi({ format: 'date-time' });

export const executionRow = z
  .object({
    execution_id: z.string(),
    agent_id: z.number().int(),
    agent_name: z.string(),
    entity_id: z.string().nullable(),
    entity_number: z
      .string()
      .nullable()
      .openapi({ description: 'Always null: entities have no number of their own here.' }),
    status: z.enum(executionStatuses),
    error: z.string().nullable(),
    message_for_dashboard: z.string().nullable().openapi({ description: 'The response.' }),
    additional_custom_instructions: z.string().nullable(),
    seconds_spent: z
      .number()
      .openapi({ description: 'From creation to the end, or to the latest change so far.' }),
    created_at: time,
    updated_at: time,
    id: z.string().openapi({ description: 'Id of the run; finds the execution too.' }),
    agent_uid: z.string(),
    agent_version: z.number().int(),
    workspace_id: z.string(),
    started_at: time.nullable(),
    completed_at: time.nullable(),
    stop_reason: z.enum(stopReasons).nullable(),
    disposition: z.enum(dispositions).nullable(),
    disposition_reason: z.string().nullable(),
    reflection: z.string().nullable(),
    output: z.unknown().openapi({ description: 'Structured output, by the agent’s schema.' }),
    model: z.string(),
    token_usage: z.object({ input: z.number().int(), output: z.number().int() }),
    total_cost: z.number().nullable().openapi({ description: 'USD; null if a price is unknown.' }),
    trigger_type: z.enum(triggerTypes).nullable(),
    trigger_id: z.string().nullable(),
    trigger_event_id: z.string().nullable(),
    session_id: z.string().nullable(),
    conversation_id: z.string().nullable(),
    trace_id: z.string(),
    retry_of: z.string().nullable().openapi({ description: '`id` of the run that this repeats.' }),
    parent_run_id: z
      .string()
      .nullable()
      .openapi({ description: '`id` of the run whose agent asked this one’s.' }),
    forked_from: z.string().nullable(),
    dry_run: z.boolean(),
    feedback: z.array(feedbackShape).openapi({ description: 'What people said of it, by links.' }),
  })
  .openapi('Execution');

type ExecutionRow = z.input<typeof executionRow>;

/** Shows runs, with what is kept elsewhere of them read once for all. */
export async function executionViewer(
  deps: Pick<ApiDeps, 'db'>,
  runs: readonly Run[],
): Promise<(run: Run) => ExecutionRow> {
  const agentIds = [...new Set(runs.map((run) => run.agentId))];
  const runIds = runs.map((run) => run.id);
  const [agents, changes, said] = await Promise.all([
    readAgentLabels(deps.db, agentIds),
    readLastChanges(deps.db, runs),
    listFeedback(deps.db, runIds),
  ]);
  const feedbackOn = Map.groupBy(said, ({ runId }) => runId);
  return (run) => {
    const agent = agents.get(run.agentId);
    if (agent === undefined) throw new Error(`The agent ${run.agentId} of run ${run.id} is gone.`);
    const updatedAt = changes.get(run.id) ?? run.createdAt;
    return showExecution(run, { agent, updatedAt, feedback: feedbackOn.get(run.id) ?? [] });
  };
}

/** Shows a single run. */
export async function viewExecution(deps: Pick<ApiDeps, 'db'>, run: Run): Promise<ExecutionRow> {
  return (await executionViewer(deps, [run]))(run);
}

function showExecution(
  run: Run,
  given: {
    readonly agent: AgentLabel;
    readonly updatedAt: Date;
    readonly feedback: readonly Feedback[];
  },
): ExecutionRow {
  const { agent, updatedAt, feedback } = given;
  const total = totalsOf(run);
  return {
    execution_id: run.runId,
    agent_id: agent.number,
    agent_name: agent.name,
    entity_id: run.entityId,
    entity_number: null,
    status: executionStatusOf(run.status),
    error: run.error,
    message_for_dashboard: run.response,
    additional_custom_instructions: run.additionalInstructions,
    seconds_spent: (updatedAt.getTime() - run.createdAt.getTime()) / 1_000,
    created_at: run.createdAt.toISOString(),
    updated_at: updatedAt.toISOString(),
    id: run.id,
    agent_uid: run.agentId,
    agent_version: run.agentVersion,
    workspace_id: run.workspaceId,
    started_at: run.startedAt?.toISOString() ?? null,
    completed_at: run.completedAt?.toISOString() ?? null,
    stop_reason: run.stopReason,
    disposition: run.disposition,
    disposition_reason: run.dispositionReason,
    reflection: run.reflection,
    output: run.outputJson === null ? null : new RawJson(run.outputJson),
    model: run.model,
    token_usage: { input: total.inputTokens, output: total.outputTokens },
    total_cost: total.costUsd,
    trigger_type: run.triggerType,
    trigger_id: run.triggerId,
    trigger_event_id: run.triggerEventId,
    session_id: run.sessionId,
    conversation_id: run.conversationId,
    trace_id: traceParts(run.traceId).traceId,
    retry_of: run.retryOf,
    parent_run_id: run.parentRunId,
    forked_from: run.forkedFrom,
    dry_run: run.dryRun,
    feedback: feedback.map(showFeedback),
  };
}
