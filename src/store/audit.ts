import { type AuditEntry, type AuditFacts, chainHash, chainStart } from '../core/audit.ts';
import { storableOrNull } from '../core/storable-text.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import { isInScope } from '../core/workspace-scope.ts';
import type { Database, Queryable } from './connect.ts';

// The audit log. A chain grows under the lock of its head, so that its numbers have no gaps. Changing or
// deleting an entry is refused by the database; who can change the database all the same cannot make a
// hash. Not protected: the newest entries, from who can restore an older database. Note the head elsewhere.

/** The chain of what belongs to no workspace. */
export const serverChain = '';

export interface NewEntry {
  readonly chain: string;
  readonly facts: AuditFacts;
  /** What was noted of it before; it goes with this entry. */
  readonly pendingId: string | null;
}

/** Notes a change before it is made. */
export async function beginEntry(
  db: Queryable,
  entry: { readonly id: string; readonly chain: string; readonly facts: AuditFacts },
): Promise<void> {
  await db.execute({
    name: 'begin_audit_entry',
    text: 'INSERT INTO audit_pending (id, chain, facts) VALUES ($1, $2, $3)',
    values: [entry.id, entry.chain, JSON.stringify(entry.facts)],
  });
}

/** Takes the note of a change away that was not made. */
export async function dropEntry(db: Queryable, id: string): Promise<void> {
  await db.execute({ text: 'DELETE FROM audit_pending WHERE id = $1', values: [id] });
}

/**
 * Appends entries to their chains, in the order given. Those that were noted before are durable when this resolves;
 * others alone are not waited for by the disk, and go with a crash of the database in the moments after.
 */
export function appendEntries(
  db: Database,
  key: Buffer,
  entries: readonly NewEntry[],
): Promise<void> {
  const chains = [...new Set(entries.map(({ chain }) => chain))].sort();
  const pending = entries.flatMap(({ pendingId }) => (pendingId === null ? [] : [pendingId]));
  const append = async (tx: Queryable) => {
    const { at, heads } = await takeHeads(tx, chains);
    const rows = entries.map(({ chain, facts }) => {
      const before = heads.get(chain) ?? { seq: 0, hash: chainStart };
      const seq = before.seq + 1;
      const text = JSON.stringify({ seq, at, ...facts } satisfies AuditEntry);
      const hash = chainHash(key, before.hash, text);
      heads.set(chain, { seq, hash });
      return { chain, seq, text, hash, facts };
    });
    await tx.execute({
      name: 'append_audit_entries',
      text: `WITH moved AS (UPDATE audit_heads h SET seq = n.seq, hash = n.hash
          FROM unnest($1::text[], $2::bigint[], $3::bytea[]) AS n (chain, seq, hash) WHERE h.chain = n.chain)
        INSERT INTO audit_entries (chain, seq, entry, hash, at, actor_id, action, resource, object_id)
        SELECT e.chain, e.seq, e.entry, e.hash, $4::timestamptz, e.actor, e.action, e.resource, e.object
          FROM unnest($5::text[], $6::bigint[], $7::text[], $8::bytea[], $9::text[], $10::text[], $11::text[], $12::text[])
            AS e (chain, seq, entry, hash, actor, action, resource, object)`,
      values: [
        chains,
        chains.map((chain) => heads.get(chain)?.seq),
        chains.map((chain) => heads.get(chain)?.hash),
        at,
        rows.map((row) => row.chain),
        rows.map((row) => row.seq),
        rows.map((row) => row.text),
        rows.map((row) => row.hash),
        rows.map((row) => row.facts.actor.id),
        rows.map((row) => row.facts.action),
        rows.map((row) => row.facts.resource),
        rows.map((row) => storableOrNull(row.facts.object_id)),
      ],
    });
    if (pending.length > 0) {
      await tx.execute({
        text: 'DELETE FROM audit_pending WHERE id = ANY ($1)',
        values: [pending],
      });
    }
  };
  return db.transaction(append, { isDurable: pending.length > 0 });
}

/** The heads of chains, locked until the transaction ends, and the database's time. */
async function takeHeads(
  tx: Queryable,
  chains: readonly string[],
): Promise<{ readonly at: string; readonly heads: Map<string, { seq: number; hash: Buffer }> }> {
  const lock = () =>
    tx.query<{ chain: string; seq: number; hash: Buffer; now: Date }>({
      name: 'lock_audit_heads',
      text: `SELECT chain, seq, hash, clock_timestamp() AS now FROM audit_heads
        WHERE chain = ANY ($1) ORDER BY chain FOR UPDATE`,
      values: [chains],
    });
  let rows = await lock();
  if (rows.length < chains.length) {
    await tx.execute({
      text: `INSERT INTO audit_heads (chain, seq, hash, kept_hash)
        SELECT chain, 0, $2, $2 FROM unnest($1::text[]) AS n (chain) ORDER BY chain ON CONFLICT DO NOTHING`,
      values: [chains, chainStart],
    });
    rows = await lock();
  }
  return {
    at: (rows[0]?.now ?? new Date(0)).toISOString(),
    heads: new Map(rows.map(({ chain, seq, hash }) => [chain, { seq, hash }])),
  };
}

/** Puts what a crash left behind into its chain, ten minutes after it began: its outcome is not known. */
export async function settlePending(db: Database, key: Buffer): Promise<void> {
  const rows = await db.query<{ id: string; chain: string; facts: string }>(
    `SELECT id, chain, facts FROM audit_pending
      WHERE begun_at < clock_timestamp() - interval '10 minutes' LIMIT 1000`,
  );
  for (const { id, chain, facts } of rows) {
    await appendEntries(db, key, [
      { chain, facts: JSON.parse(facts) as AuditFacts, pendingId: id },
    ]);
  }
}

export interface AuditFilter {
  readonly actorId?: string | undefined;
  readonly action?: string | undefined;
  readonly resource?: string | undefined;
  readonly objectId?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** Entries before a number, newest first; none of a chain that is out of scope. */
export async function listEntries(
  db: Queryable,
  scope: WorkspaceScope,
  page: {
    readonly chain: string;
    readonly filter: AuditFilter;
    readonly before: number | null;
    readonly limit: number;
  },
): Promise<readonly AuditEntry[]> {
  const { chain, filter, before, limit } = page;
  if (chain === serverChain ? scope !== 'all' : !isInScope(scope, chain)) return [];
  const rows = await db.query<{ entry: string }>({
    text: `SELECT entry FROM audit_entries WHERE chain = $1
        AND ($2::bigint IS NULL OR seq < $2) AND ($3::text IS NULL OR actor_id = $3)
        AND ($4::text IS NULL OR action = $4) AND ($5::text IS NULL OR resource = $5)
        AND ($6::text IS NULL OR object_id = $6) AND ($7::timestamptz IS NULL OR at >= $7)
        AND ($8::timestamptz IS NULL OR at < $8)
      ORDER BY seq DESC LIMIT $9`,
    values: [
      chain,
      before,
      storableOrNull(filter.actorId),
      storableOrNull(filter.action),
      storableOrNull(filter.resource),
      storableOrNull(filter.objectId),
      filter.from ?? null,
      filter.to ?? null,
      limit,
    ],
  });
  return rows.map(({ entry }) => JSON.parse(entry) as AuditEntry);
}

export interface AuditVerdict {
  readonly ok: boolean;
  readonly entries: number;
  /** The first entry that is not as it was written, or is missing. */
  readonly brokenAt: number | null;
  /** Where the chain ends: to be noted somewhere else, and compared. */
  readonly seq: number;
  readonly hash: string;
}

interface EntryRow {
  readonly seq: number;
  readonly entry: string;
  readonly hash: Buffer;
  readonly actor_id: string;
  readonly action: string;
  readonly resource: string;
  readonly object_id: string | null;
}

/** Whether the columns for finding it say what the entry says. The database's own JSON cannot hold every text. */
function isFoundAsItIs(row: EntryRow): boolean {
  const { actor, action, resource, object_id } = JSON.parse(row.entry) as AuditEntry;
  return (
    row.actor_id === actor.id &&
    row.action === action &&
    row.resource === resource &&
    row.object_id === storableOrNull(object_id)
  );
}

/** Reads a whole chain in one snapshot, and makes every hash again. */
export function verifyChain(db: Database, key: Buffer, chain: string): Promise<AuditVerdict> {
  return db.transaction(
    async (tx) => {
      const [head] = await tx.query<{
        seq: number;
        hash: Buffer;
        kept_after: number;
        kept_hash: Buffer;
      }>({
        text: 'SELECT seq, hash, kept_after, kept_hash FROM audit_heads WHERE chain = $1',
        values: [chain],
      });
      let seq = head?.kept_after ?? 0;
      let hash: Buffer = head?.kept_hash ?? chainStart;
      let entries = 0;
      const end = { seq: head?.seq ?? 0, hash: (head?.hash ?? chainStart).toString('hex') };
      for (;;) {
        const rows = await tx.query<EntryRow>({
          text: `SELECT seq, entry, hash, actor_id, action, resource, object_id
            FROM audit_entries WHERE chain = $1 AND seq > $2 ORDER BY seq LIMIT 1000`,
          values: [chain, seq],
        });
        for (const row of rows) {
          hash = chainHash(key, hash, row.entry);
          if (row.seq !== seq + 1 || !hash.equals(row.hash) || !isFoundAsItIs(row)) {
            return { ok: false, entries, brokenAt: seq + 1, ...end };
          }
          seq = row.seq;
          entries += 1;
        }
        if (rows.length === 0) break;
      }
      const ok = seq === end.seq && hash.toString('hex') === end.hash;
      return { ok, entries, brokenAt: ok ? null : seq + 1, ...end };
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

/** Takes away what is older than the days given; the chain goes on from the last one that went. */
export async function trimAudit(db: Database, days: number): Promise<void> {
  if (days === 0) return;
  const chains = await db.query<{ chain: string }>({
    text: `SELECT DISTINCT chain FROM audit_entries WHERE at < clock_timestamp() - make_interval(days => $1)`,
    values: [days],
  });
  for (const { chain } of chains) {
    await db.transaction(async (tx) => {
      await tx.query({
        text: 'SELECT 1 FROM audit_heads WHERE chain = $1 FOR UPDATE',
        values: [chain],
      });
      const [last] = await tx.query<{ seq: number; hash: Buffer }>({
        text: `SELECT seq, hash FROM audit_entries
          WHERE chain = $1 AND at < clock_timestamp() - make_interval(days => $2) ORDER BY seq DESC LIMIT 1`,
        values: [chain, days],
      });
      if (last === undefined) return;
      await tx.query(`SELECT set_config('signalbox.audit_retention', 'on', true)`);
      await tx.execute({
        text: 'DELETE FROM audit_entries WHERE chain = $1 AND seq <= $2',
        values: [chain, last.seq],
      });
      await tx.execute({
        text: 'UPDATE audit_heads SET kept_after = $2, kept_hash = $3 WHERE chain = $1',
        values: [chain, last.seq, last.hash],
      });
    });
  }
}
