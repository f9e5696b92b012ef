import { isDeepStrictEqual } from 'node:util';
import type { RecordData } from '../core/record.ts';
import type { KindKey, RecordEvent, RecordWrite } from '../store/records.ts';
import { fieldOf } from './check-data.ts';

/** What is told of a change: what was before, what is now, and which fields differ. */
export function recordEvent(change: {
  readonly key: KindKey;
  /** Null, or deleted: there was none. */
  readonly from: RecordWrite | null;
  readonly to: RecordWrite;
  readonly causedByRunId: string | null;
}): RecordEvent {
  const { key, from, to } = change;
  const before = from === null || from.isDeleted ? null : from.data;
  const after = to.isDeleted ? null : to.data;
  const payload = {
    id: to.id,
    kind: key.kind,
    source: to.source,
    external_id: to.externalId,
    contact_id: to.contactId ?? from?.contactId ?? null,
    version: to.version,
    changed: changedFields(before, after),
    before,
    after,
  };
  return {
    id: `record/${to.id}/${to.rev}`,
    type: to.isDeleted ? 'record.deleted' : before === null ? 'record.created' : 'record.updated',
    recordId: to.id,
    payloadJson: JSON.stringify(payload),
    causedByRunId: change.causedByRunId,
  };
}

function changedFields(before: RecordData | null, after: RecordData | null): readonly string[] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...names].filter(
    (name) => !isDeepStrictEqual(fieldOf(before ?? {}, name), fieldOf(after ?? {}, name)),
  );
}
