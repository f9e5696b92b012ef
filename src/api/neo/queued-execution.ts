import { z } from '@hono/zod-openapi';
import type { DispatchedIds } from '../../runs/dispatch.ts';
import type { Answer } from '../answer.ts';

export const queuedExecution = z
  .object({ execution_id: z.string(), status: z.literal('queued') })
  .openapi({ description: 'Operation-specific payload.' });

/** The answer to what starts an execution. */
export function queued({ runId }: DispatchedIds): Answer {
  return { status: 202, data: { execution_id: runId, status: 'queued' } };
}
