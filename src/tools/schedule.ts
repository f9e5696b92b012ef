import { z } from 'zod';
import type { Run } from '../core/run.ts';
import type { ScheduleRuns } from '../core/scheduled-run.ts';
import { checkedBy } from './checked-by.ts';
import { failedCall } from './failed-call.ts';
import type { AgentTool } from './tool.ts';

export const scheduleToolName = 'schedule';

const moment = z.iso.datetime({
  offset: true,
  error: 'must be a time with its zone, such as 2026-04-03T09:00:00+02:00',
});

const argumentsSchema = z
  .strictObject({
    at: moment.optional(),
    in_minutes: z.number().positive().max(5_270_400).optional(),
    agent: z.string().min(1).max(200).optional(),
    instructions: z.string().min(1).max(20_000).optional(),
    payload: z.record(z.string(), z.unknown()).optional(),
    entity_id: z.string().min(1).max(255).optional(),
  })
  .refine(({ at, in_minutes }) => (at === undefined) !== (in_minutes === undefined), {
    path: ['at'],
    message: 'give either `at` or `in_minutes`',
  });

/** What models and people are told of it. */
export const scheduleOffer = {
  description:
    'Schedules one run for later: of this agent, or of another one of the workspace. Use it to follow up or to check again.',
  inputSchema: {
    type: 'object',
    properties: {
      at: {
        type: 'string',
        description: 'When, ISO 8601 with a zone: 2026-04-03T09:00:00+02:00.',
      },
      in_minutes: { type: 'number', description: 'When, in minutes from now, instead of `at`.' },
      agent: { type: 'string', description: 'Id, number or exact name; default: this agent.' },
      instructions: { type: 'string', description: 'What that run is to do, beside its own.' },
      payload: { type: 'object', description: 'What that run is given to work with.' },
      entity_id: { type: 'string', description: 'Id of the thing that that run is about.' },
    },
    additionalProperties: false,
  },
} as const;

/**
 * The built-in tool by which an agent has itself, or another agent of its workspace, run later. A repeat of
 * the same call is the same scheduled run, so a crash in the middle repeats nothing.
 */
export function scheduleTool(
  port: ScheduleRuns,
  run: Pick<Run, 'id' | 'workspaceId' | 'agentId'>,
): AgentTool {
  return {
    name: scheduleToolName,
    description: scheduleOffer.description,
    inputSchema: scheduleOffer.inputSchema,
    toolId: null,
    version: null,
    idempotent: true,
    requiresApproval: false,
    hasEffects: true,
    check: checkedBy(argumentsSchema),
    call: async ({ inputJson, key }) => {
      const startedAt = performance.now();
      const given = argumentsSchema.parse(JSON.parse(inputJson));
      const { at, in_minutes: inMinutes = 0, payload } = given;
      const ordered = await port.schedule({
        workspaceId: run.workspaceId,
        runId: run.id,
        callKey: key,
        agent: given.agent ?? run.agentId,
        when: at === undefined ? { inMinutes } : { at: new Date(at) },
        payloadJson: payload === undefined ? null : JSON.stringify(payload),
        entityId: given.entity_id ?? null,
        instructions: given.instructions ?? null,
      });
      const runTimeMs = Math.round(performance.now() - startedAt);
      if (!ordered.ok) return failedCall(ordered.problem, runTimeMs);
      const { id, agentName, scheduledFor } = ordered;
      const outputJson = JSON.stringify({
        message: `Scheduled for ${scheduledFor.toISOString()}.`,
        rawData: { id, agent: agentName, scheduled_for: scheduledFor.toISOString() },
      });
      return { ok: true, outputJson, modelText: outputJson, logs: null, runTimeMs };
    },
  };
}
