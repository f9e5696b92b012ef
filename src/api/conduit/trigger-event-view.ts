import { z } from '@hono/zod-openapi';
import { RawJson } from '../../core/raw-json.ts';
import { type TriggerEvent, type Verdict, verdictKinds } from '../../core/trigger-event.ts';
import type { VerdictCounts } from '../../store/verdicts.ts';
import type { FireResult } from '../../triggers/firing.ts';
import { iso, isoOrNull } from './times.ts';

export const eventSummary = z.object({
  id: z.string(),
  workspace_id: z.string(),
  source: z.string(),
  type: z.string().nullable(),
  trigger_id: z
    .string()
    .nullable()
    .openapi({ description: 'When it is one trigger’s own firing.' }),
  entity_id: z.string().nullable(),
  matched: z.boolean().openapi({ description: 'Whether it started a run.' }),
  verdicts: z
    .object({
      ran: z.number().int(),
      not_matched: z.number().int(),
      refused: z.number().int(),
      skipped: z.number().int(),
    })
    .openapi({ description: 'How many triggers of agents that was the answer for.' }),
  caused_by_run_id: z.string().nullable(),
  depth: z.number().int().openapi({ description: 'Firings before it in a chain of runs.' }),
  replay_of: z.string().nullable(),
  occurred_at: z.string().nullable().openapi({ description: 'By its sender.' }),
  created_at: z.string(),
});

const verdictShape = z.object({
  agent_id: z.string(),
  agent_name: z.string(),
  trigger_id: z.string().nullable(),
  trigger_name: z.string().nullable(),
  verdict: z.enum(verdictKinds),
  reason: z.string().nullable().openapi({
    description:
      'Of what was refused or skipped: agent_disabled, inactive, trigger_disabled, not_dispatchable, too_many_runs, chain_depth, chain_rate, once_per_entity, overlap, or one of the trigger’s own kind.',
  }),
  detail: z.string().nullable().openapi({ description: 'The reason as a sentence.' }),
  comparisons: z.array(
    z.object({
      field: z.string(),
      op: z.string(),
      expected: z.unknown(),
      actual: z.unknown().openapi({ description: 'Absent when the payload has no such field.' }),
      matched: z.boolean(),
    }),
  ),
  run: z.object({ id: z.string(), run_id: z.string() }).nullable(),
});

export const eventDetail = eventSummary
  .omit({ verdicts: true })
  .extend({ payload: z.unknown(), verdicts: z.array(verdictShape) });

export const firedEvent = z.object({
  trigger_event_id: z.string(),
  repeated: z.boolean().openapi({
    description: 'The event came before: trigger event and runs are those of the first time.',
  }),
  runs: z.array(
    z.object({
      id: z.string(),
      run_id: z.string(),
      agent_id: z.string(),
      trigger_id: z.string(),
    }),
  ),
});

export function showEventSummary(event: TriggerEvent, counts: VerdictCounts) {
  return { ...showCommon(event), matched: counts.ran > 0, verdicts: counts };
}

export function showEvent(event: TriggerEvent, verdicts: readonly Verdict[]) {
  return {
    ...showCommon(event),
    matched: verdicts.some((one) => one.verdict === 'ran'),
    payload: new RawJson(event.payloadJson),
    verdicts: verdicts.map((one) => ({
      agent_id: one.agent.id,
      agent_name: one.agent.name,
      trigger_id: one.trigger?.id ?? null,
      trigger_name: one.trigger?.name ?? null,
      verdict: one.verdict,
      reason: one.reason,
      detail: one.detail,
      comparisons: one.comparisons,
      run: one.run === null ? null : { id: one.run.id, run_id: one.run.runId },
    })),
  };
}

export function showFired(result: FireResult): z.input<typeof firedEvent> {
  return {
    trigger_event_id: result.triggerEventId,
    repeated: result.kind === 'repeated',
    runs: result.runs.map((run) => ({
      id: run.id,
      run_id: run.runId,
      agent_id: run.agentId,
      trigger_id: run.triggerId,
    })),
  };
}

function showCommon(event: TriggerEvent) {
  return {
    id: event.id,
    workspace_id: event.workspaceId,
    source: event.source,
    type: event.type,
    trigger_id: event.triggerId,
    entity_id: event.entityId,
    caused_by_run_id: event.causedByRunId,
    depth: event.depth,
    replay_of: event.replayOf,
    occurred_at: isoOrNull(event.occurredAt),
    created_at: iso(event.createdAt),
  };
}
