import { z } from '@hono/zod-openapi';
import type { CallConnection } from '../core/sandbox.ts';

export const connectionShape = z
  .object({
    host: z.string(),
    port: z.number().int(),
    outcome: z.enum(['connected', 'refused', 'failed']),
    reason: z.string().nullable(),
    address: z.string().nullable().openapi({ description: 'Where the host led to.' }),
    sent_bytes: z.number().int(),
    received_bytes: z.number().int(),
  })
  .openapi({ description: 'A connection that the code asked the egress proxy for.' });

export function showConnection(connection: CallConnection) {
  return {
    host: connection.host,
    port: connection.port,
    outcome: connection.outcome,
    reason: connection.reason,
    address: connection.address,
    sent_bytes: connection.sentBytes,
    received_bytes: connection.receivedBytes,
  };
}
