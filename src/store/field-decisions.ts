import type { Person } from '../core/approval.ts';
import type {
  DecisionOption,
  DecisionPurpose,
  DecisionStatus,
  FieldDecision,
} from '../core/field-decision.ts';
import { isId } from '../core/ids.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import {
  fromStorableOrNull,
  fromStorableText,
  storableOrNull,
  toStorableText,
} from '../core/storable-text.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Queryable } from './connect.ts';
import { fromJsonColumn, toJsonColumn } from './json-column.ts';
import { Conditions, inScopeSql, scopeValue } from './page-sql.ts';

interface Row {
  readonly id: string;
  readonly workspace_id: string;
  readonly run_id: string;
  readonly execution_id: string;
  readonly agent_id: string;
  readonly agent_number: number;
  readonly agent_name: string;
  readonly call_key: string;
  readonly purpose: DecisionPurpose;
  readonly kind: string;
  readonly entity_id: string;
  readonly record_id: string;
  readonly field: string;
  readonly is_custom_field: boolean;
  readonly should_update: boolean;
  readonly current_value: string;
  readonly proposed_value: string;
  readonly proposed_option: string | null;
  readonly justification: string;
  readonly options: string;
  readonly status: DecisionStatus;
  readonly final_value: string | null;
  readonly note: string | null;
  readonly decided_by: string | null;
  readonly decided_by_name: string | null;
  readonly decided_at: Date | null;
  readonly created_at: Date;
}

const select = `SELECT d.*, r.run_id AS execution_id, a.number AS agent_number, a.name AS agent_name
  FROM field_decisions d JOIN runs r ON r.id = d.run_id JOIN agents a ON a.id = d.agent_id`;

export type NewFieldDecision = Omit<
  FieldDecision,
  'agent' | 'run' | 'createdAt' | 'decidedAt' | 'note' | 'finalJson' | 'decidedBy'
> & {
  readonly agentId: string;
  readonly runId: string;
  readonly callKey: string;
};

/** Writes it, undecided, unless its call has written one. True: it was written. */
export async function insertFieldDecision(
  tx: Queryable,
  decision: NewFieldDecision,
): Promise<boolean> {
  const written = await tx.execute({
    name: 'field-decision-insert',
    text: `INSERT INTO field_decisions (id, workspace_id, run_id, agent_id, call_key, purpose, kind, entity_id,
        record_id, field, is_custom_field, should_update, current_value, proposed_value, proposed_option,
        justification, options, status)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
      ON CONFLICT (call_key) DO NOTHING`,
    values: [
      decision.id,
      decision.workspaceId,
      decision.runId,
      decision.agentId,
      decision.callKey,
      decision.purpose,
      decision.kind,
      toStorableText(decision.entityId),
      decision.recordId,
      toStorableText(decision.field),
      decision.isCustomField,
      decision.shouldUpdate,
      toStorableText(decision.currentJson),
      toStorableText(decision.proposedJson),
      storableOrNull(decision.proposedOptionId),
      toStorableText(decision.justification),
      toJsonColumn(decision.options),
      decision.status,
    ],
  });
  return written > 0;
}

/** What the call wrote; null when it has written nothing. */
export async function getDecisionOfCall(
  db: Queryable,
  callKey: string,
): Promise<FieldDecision | null> {
  const [row] = await db.query<Row>({
    name: 'field-decision-of-call',
    text: `${select} WHERE d.call_key = $1`,
    values: [callKey],
  });
  return row === undefined ? null : toDecision(row);
}

/** Null when there is none in scope. Locked, where that is asked for. */
export async function getFieldDecision(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
  how: { readonly lock: boolean } = { lock: false },
): Promise<FieldDecision | null> {
  if (!isId(id)) return null;
  const [row] = await db.query<Row>({
    text: `${select} WHERE d.id = $1 AND ${inScopeSql('d.workspace_id', '$2')}
      ${how.lock ? 'FOR NO KEY UPDATE OF d' : ''}`,
    values: [id, scopeValue(scope)],
  });
  return row === undefined ? null : toDecision(row);
}

export interface FieldDecisionFilter {
  readonly scope: WorkspaceScope;
  readonly purpose?: DecisionPurpose | undefined;
  readonly statuses?: readonly DecisionStatus[] | undefined;
  readonly agentId?: string | undefined;
  /** Id of the run. */
  readonly runId?: string | undefined;
  readonly kind?: string | undefined;
  readonly entityId?: string | undefined;
  readonly field?: string | undefined;
  /** Created at or after. */
  readonly from?: Date | undefined;
  /** Created before. */
  readonly to?: Date | undefined;
}

/** A page of decisions, newest first. */
export async function listFieldDecisions(
  db: Queryable,
  filter: FieldDecisionFilter,
  page: PageRequest,
): Promise<Page<FieldDecision>> {
  const conditions = new Conditions().inScope(filter.scope, 'd.workspace_id');
  const { purpose, statuses, agentId, runId, kind, entityId, field, from, to } = filter;
  const [only] = statuses ?? [];
  if (statuses?.length === 1) conditions.add(only, (at) => `d.status = ${at}`);
  else if (statuses !== undefined) conditions.add(statuses, (at) => `d.status = ANY (${at})`);
  if (purpose !== undefined) conditions.add(purpose, (at) => `d.purpose = ${at}`);
  if (agentId !== undefined) conditions.add(agentId, (at) => `d.agent_id = ${at}`);
  if (runId !== undefined) conditions.add(runId, (at) => `d.run_id = ${at}`);
  if (kind !== undefined) conditions.add(toStorableText(kind), (at) => `d.kind = ${at}`);
  if (entityId !== undefined) {
    conditions.add(toStorableText(entityId), (at) => `d.entity_id = ${at}`);
  }
  if (field !== undefined) conditions.add(toStorableText(field), (at) => `d.field = ${at}`);
  if (from !== undefined) conditions.add(from, (at) => `d.created_at >= ${at}`);
  if (to !== undefined) conditions.add(to, (at) => `d.created_at < ${at}`);
  const tail = conditions.pageOf(page, [], 'd');
  const rows = await db.query<Row>({ text: `${select} ${tail}`, values: conditions.values });
  return toPage(rows.map(toDecision), page.limit, (decision) => decision);
}

/** Writes down what became of a locked one. */
export async function settleFieldDecision(
  tx: Queryable,
  id: string,
  settled: {
    readonly status: DecisionStatus;
    readonly finalJson: string | null;
    readonly note: string | null;
    readonly by: Person;
  },
): Promise<void> {
  await tx.execute({
    name: 'field-decision-settle',
    text: `UPDATE field_decisions SET status = $2, final_value = $3, note = $4, decided_by = $5, decided_by_name = $6,
        decided_at = clock_timestamp() WHERE id = $1`,
    values: [
      id,
      settled.status,
      storableOrNull(settled.finalJson),
      storableOrNull(settled.note),
      settled.by.id,
      storableOrNull(settled.by.name),
    ],
  });
}

function toDecision(row: Row): FieldDecision {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    agent: {
      id: row.agent_id,
      number: row.agent_number,
      name: fromStorableText(row.agent_name),
    },
    run: { id: row.run_id, runId: row.execution_id, stepId: row.call_key },
    purpose: row.purpose,
    kind: row.kind,
    entityId: fromStorableText(row.entity_id),
    recordId: row.record_id,
    field: fromStorableText(row.field),
    isCustomField: row.is_custom_field,
    shouldUpdate: row.should_update,
    currentJson: fromStorableText(row.current_value),
    proposedJson: fromStorableText(row.proposed_value),
    proposedOptionId: fromStorableOrNull(row.proposed_option),
    justification: fromStorableText(row.justification),
    options: fromJsonColumn<DecisionOption[]>(row.options),
    status: row.status,
    finalJson: fromStorableOrNull(row.final_value),
    note: fromStorableOrNull(row.note),
    decidedBy:
      row.decided_by === null
        ? null
        : { id: row.decided_by, name: fromStorableOrNull(row.decided_by_name) },
    decidedAt: row.decided_at,
    createdAt: row.created_at,
  };
}
