import { createHash } from 'node:crypto';
import type { AgentDefinition } from '../core/agent.ts';
import { keyFromTemplate } from '../core/key-template.ts';

/** As many characters of a key as an index entry surely holds; a longer one goes by its hash. */
const longestKey = 255;

/**
 * The key under which an agent's run goes one at a time with others of it, as the agent says; null lets it
 * go beside them. `{{entity_id}}` and `/entity_id` are the run's entity, where the payload names none.
 */
export function concurrencyKeyOf(
  definition: Pick<AgentDefinition, 'concurrency_key' | 'process_entities_sequentially'>,
  run: { readonly payloadJson: string; readonly entityId: string | null },
): string | null {
  if (definition.process_entities_sequentially) return 'sequential';
  if (definition.concurrency_key === null) return null;
  const payload: unknown = JSON.parse(run.payloadJson);
  const isObject = typeof payload === 'object' && payload !== null && !Array.isArray(payload);
  const entity = run.entityId === null ? {} : { entity_id: run.entityId };
  const key = keyFromTemplate(
    definition.concurrency_key,
    isObject ? { ...entity, ...payload } : entity,
  );
  if (key === null || key.length <= longestKey) return key;
  return `sha256:${createHash('sha256').update(key).digest('hex')}`;
}
