import { z } from '@hono/zod-openapi';
import { RawJson } from '../../core/raw-json.ts';
import type { TriggerEvent, Verdict } from '../../core/trigger-event.ts';

// Trigger events as Neo's pages show callbacks. A workflow is an agent there. Fields after `workflow_matches`
// are ours.

const time = z.string().openapi({ format: 'date-time' });

const workflowMatch = z
  .object({
    workflow_id: z.number().int(),
    workflow_name: z.string(),
    matched: z.boolean(),
    error: z
      .string()
      .nullable()
      .openapi({ description: 'Why it did not run although it matched.' }),
    match_reason: z.string(),
    match_details: z.object({
      event_type: z.string().nullable(),
      field_comparisons: z.array(
        z.object({
          field_name: z.string(),
          operator: z.string(),
          rule_value: z.unknown(),
          field_value: z.unknown(),
          is_match: z.boolean(),
        }),
      ),
    }),
    execution_id: z.string().nullable(),
    trigger_id: z.string().nullable(),
  })
  .openapi('WorkflowMatch');

export const callbackRow = z
  .object({
    callback_id: z.string(),
    entity_id: z.string().nullable(),
    entity_number: z
      .string()
      .nullable()
      .openapi({ description: 'Always null: entities have no number of their own here.' }),
    created_in_psa_at: time.openapi({ description: 'When it happened, by its sender.' }),
    finished_processing_at: time.openapi({
      description: 'It is kept together with what came of it.',
    }),
    error_message: z.string().nullable(),
    matcher_run_id: z
      .string()
      .nullable()
      .openapi({ description: 'Always null: no run of its own matches.' }),
    started_workflow_ids: z.array(z.number().int()),
    failed_to_match_workflow_ids: z.array(z.number().int()),
    workflow_matches: z.array(workflowMatch),
    change_type: z.string().nullable().openapi({ description: 'The event’s name.' }),
    source: z.string(),
    replay_of: z.string().nullable(),
  })
  .openapi('Callback');

export const callbackDetail = callbackRow
  .extend({
    processed_audit_trail: z
      .array(z.string())
      .openapi({ description: 'What was decided, in sentences.' }),
    payload: z.unknown(),
  })
  .openapi('CallbackDetail');

export function showCallback(
  event: TriggerEvent,
  verdicts: readonly Verdict[],
): z.input<typeof callbackRow> {
  const numbers = (of: readonly Verdict[]) => [...new Set(of.map((one) => one.agent.number))];
  return {
    callback_id: event.id,
    entity_id: event.entityId,
    entity_number: null,
    created_in_psa_at: (event.occurredAt ?? event.createdAt).toISOString(),
    finished_processing_at: event.createdAt.toISOString(),
    error_message: null,
    matcher_run_id: null,
    started_workflow_ids: numbers(verdicts.filter((one) => one.verdict === 'ran')),
    failed_to_match_workflow_ids: numbers(verdicts.filter((one) => one.verdict === 'not_matched')),
    workflow_matches: verdicts.map((verdict) => showMatch(event, verdict)),
    change_type: event.type,
    source: event.source,
    replay_of: event.replayOf,
  };
}

export function showCallbackDetail(
  event: TriggerEvent,
  verdicts: readonly Verdict[],
): z.input<typeof callbackDetail> {
  return {
    ...showCallback(event, verdicts),
    processed_audit_trail: verdicts.map(
      (verdict) => `${verdict.agent.name}: ${reasonOf(event, verdict)}`,
    ),
    payload: new RawJson(event.payloadJson),
  };
}

function showMatch(event: TriggerEvent, verdict: Verdict): z.input<typeof workflowMatch> {
  const { agent } = verdict;
  return {
    workflow_id: agent.number,
    workflow_name: agent.name,
    matched: verdict.verdict !== 'not_matched',
    error: verdict.detail,
    match_reason: reasonOf(event, verdict),
    match_details: {
      event_type: event.type,
      field_comparisons: verdict.comparisons.map((one) => ({
        field_name: one.field,
        operator: one.op,
        rule_value: one.expected,
        field_value: one.actual ?? null,
        is_match: one.matched,
      })),
    },
    execution_id: verdict.run?.runId ?? null,
    trigger_id: verdict.trigger?.id ?? null,
  };
}

function reasonOf(event: TriggerEvent, verdict: Verdict): string {
  switch (verdict.verdict) {
    case 'ran':
      return verdict.comparisons.length === 0
        ? `Started by ${event.type ?? event.source}.`
        : 'All comparisons hold.';
    case 'not_matched': {
      const failing = verdict.comparisons.filter((one) => !one.matched).map((one) => one.field);
      return failing.length === 0
        ? 'The trigger did not match.'
        : `Comparisons that do not hold: ${failing.join(', ')}.`;
    }
    case 'refused':
    case 'skipped':
      return verdict.detail ?? `The run was ${verdict.verdict}.`;
  }
}
