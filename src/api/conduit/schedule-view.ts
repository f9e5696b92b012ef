import { z } from '@hono/zod-openapi';
import { RawJson } from '../../core/raw-json.ts';
import { type ScheduledRun, scheduledStatuses } from '../../core/scheduled-run.ts';
import { iso, isoOrNull } from './times.ts';

export const scheduleShape = z.object({
  id: z.string(),
  number: z.number().int(),
  workspace_id: z.string(),
  agent_id: z.string(),
  status: z.enum(scheduledStatuses),
  scheduled_for: z.string(),
  payload: z.unknown(),
  entity_id: z.string().nullable(),
  additional_instructions: z.string().nullable(),
  reason: z.string().nullable().openapi({ description: 'Why it failed.' }),
  fired_at: z.string().nullable(),
  run_id: z.string().nullable().openapi({ description: 'The run that came of it.' }),
  trigger_event_id: z.string().nullable(),
  created_by_token: z.string().nullable(),
  created_by_run: z.string().nullable().openapi({ description: 'The run whose agent made it.' }),
  created_at: z.string(),
  updated_at: z.string(),
});

export function showSchedule(scheduled: ScheduledRun) {
  return {
    id: scheduled.id,
    number: scheduled.number,
    workspace_id: scheduled.workspaceId,
    agent_id: scheduled.agentId,
    status: scheduled.status,
    scheduled_for: iso(scheduled.scheduledFor),
    payload: new RawJson(scheduled.payloadJson),
    entity_id: scheduled.entityId,
    additional_instructions: scheduled.additionalInstructions,
    reason: scheduled.reason,
    fired_at: isoOrNull(scheduled.firedAt),
    run_id: scheduled.run?.runId ?? null,
    trigger_event_id: scheduled.triggerEventId,
    created_by_token: scheduled.createdBy?.tokenId ?? null,
    created_by_run: scheduled.createdByRunId,
    created_at: iso(scheduled.createdAt),
    updated_at: iso(scheduled.updatedAt),
  };
}
