import { isDeepStrictEqual } from 'node:util';
import type { Person } from '../core/approval.ts';
import { ApiError } from '../core/errors.ts';
import {
  type DecisionAction,
  type DecisionPurpose,
  type DispatchProposal,
  decisionMaxima,
  type FieldDecision,
  type FieldProposal,
  type Proposed,
  type ProposeFields,
} from '../core/field-decision.ts';
import { newId } from '../core/ids.ts';
import { isObject } from '../core/is-object.ts';
import type { ExternalRecord, RecordData, RecordKind } from '../core/record.ts';
import { type Problems, refusal } from '../core/validate.ts';
import type { ScopedKey, WorkspaceScope } from '../core/workspace-scope.ts';
import type { Database, Queryable } from '../store/connect.ts';
import {
  getDecisionOfCall,
  getFieldDecision,
  insertFieldDecision,
  settleFieldDecision,
} from '../store/field-decisions.ts';
import { findRecords, getRecord } from '../store/records.ts';
import { changeLocked } from './change-here.ts';
import { checkData, fieldOf } from './check-data.ts';
import { findOneForRun } from './find-for-run.ts';
import { requireKind } from './kinds.ts';
import { singular } from './require-record.ts';

// Decisions about fields of records: a run proposes, of a record that it may read; a person decides, or the tool
// that the agent was given makes the run's word final. The record and what is written down of it change in one
// transaction, and a decision is made once. What a field held before is read here, never told by a model.

/** The field of a record that says who works on it. */
const ownerField = 'owner_id';
const customFields = 'custom_fields';
/** The kind of those whom a ticket may go to. */
const technicians = 'technicians';

/** What the tools of runs write decisions by. */
export function proposeFields(db: Database): ProposeFields {
  return {
    field: (proposal) => propose(db, { ...proposal, purpose: 'field' }),
    dispatch: async (proposal) => {
      const options = await optionsOf(db, proposal);
      if (!options.ok) return options;
      return await propose(db, {
        ...proposal,
        ...{ purpose: 'dispatch', field: ownerField, isCustomField: false, isFinal: false },
        ...{ shouldUpdate: proposal.technicianId !== null, value: proposal.technicianId },
        ...{ optionId: proposal.technicianId, options: options.options },
      });
    },
  };
}

type AnyProposal = FieldProposal & { readonly purpose: DecisionPurpose };

async function propose(db: Database, proposal: AnyProposal): Promise<Proposed> {
  const { run, callKey, kind: name, entityId, purpose } = proposal;
  const known = await getDecisionOfCall(db, callKey);
  if (known !== null) return { ok: true, decision: known };
  const found = await findOneForRun(db, { run, kind: name, externalId: entityId });
  if (!found.ok) return found;
  const { record } = found;
  const { workspaceId } = run;
  const kind = await requireKind(db, { workspaceId, name });
  const current = heldBy(record.data, proposal);
  const problem = whyNot(kind, record, proposal);
  if (problem !== null) return { ok: false, problem };
  const shouldUpdate = proposal.shouldUpdate && !isDeepStrictEqual(current, proposal.value);
  return await db.transaction(async (tx): Promise<Proposed> => {
    const wasWritten = await insertFieldDecision(tx, {
      id: newId('fieldDecision'),
      ...{
        workspaceId,
        runId: run.id,
        agentId: run.agentId,
        callKey,
        purpose,
        kind: name,
        entityId,
      },
      recordId: record.id,
      ...{ field: proposal.field, isCustomField: proposal.isCustomField, shouldUpdate },
      currentJson: JSON.stringify(current),
      proposedJson: JSON.stringify(proposal.value),
      proposedOptionId: proposal.optionId,
      ...{ justification: proposal.justification, options: proposal.options },
      status: shouldUpdate ? 'proposed' : 'not_needed',
    });
    const decision = await getDecisionOfCall(tx, callKey);
    if (decision === null) throw new Error('The decision was not written.');
    if (!wasWritten || !shouldUpdate || !proposal.isFinal) return { ok: true, decision };
    const { agent } = decision;
    await write(tx, decision, { value: proposal.value, causedByRunId: run.id });
    const by = { id: agent.id, name: agent.name };
    const finalJson = decision.proposedJson;
    await settleFieldDecision(tx, decision.id, { status: 'accepted', finalJson, note: null, by });
    return { ok: true, decision: (await getDecisionOfCall(tx, callKey)) ?? decision };
  });
}

/** What is wrong with it, in words for the model; null when nothing is. */
function whyNot(kind: RecordKind, record: ExternalRecord, proposal: AnyProposal): string | null {
  const { field, isCustomField, value } = proposal;
  const names = kind.fields.map(({ name }) => name);
  const isKnown = isCustomField
    ? names.includes(customFields)
    : names.includes(field) || Object.hasOwn(record.data, field);
  if (!isKnown) {
    const of = isCustomField ? 'no custom fields' : `no field "${field}"`;
    return `${kind.name} have ${of}. They have: ${names.join(', ')}.`;
  }
  if (JSON.stringify(value).length > decisionMaxima.value) {
    return `The value must be at most ${decisionMaxima.value} characters of JSON.`;
  }
  const problems: Problems = new Map();
  checkData(kind, withValue(record.data, proposal, value), { at: [], problems });
  return problems.size === 0 ? null : refusal(problems).message;
}

interface Place {
  readonly field: string;
  readonly isCustomField: boolean;
}

function heldBy(data: RecordData, { field, isCustomField }: Place): unknown {
  if (!isCustomField) return fieldOf(data, field);
  const custom = fieldOf(data, customFields);
  return isObject(custom) ? fieldOf(custom, field) : null;
}

function withValue(data: RecordData, { field, isCustomField }: Place, value: unknown): RecordData {
  if (!isCustomField) return { ...data, [field]: value };
  const custom = fieldOf(data, customFields);
  return { ...data, [customFields]: { ...(isObject(custom) ? custom : {}), [field]: value } };
}

/** Throws `conflict` when the record is no more, `validation_error`. */
async function write(
  tx: Queryable,
  decision: FieldDecision,
  given: { readonly value: unknown; readonly causedByRunId: string | null },
): Promise<void> {
  const { workspaceId, kind, recordId: id } = decision;
  const record = await getRecord(tx, [workspaceId], { kind, id });
  if (record === null) {
    const what = `${singular(kind)} ${decision.entityId}`;
    throw new ApiError('conflict', `The ${what} is no more: the decision can only be rejected.`);
  }
  await changeLocked(
    tx,
    { workspaceId, kind },
    {
      records: [record],
      change: (_, { data }) => withValue(data, decision, given.value),
      causedByRunId: given.causedByRunId,
    },
  );
}

type Options =
  | { readonly ok: true; readonly options: FieldProposal['options'] }
  | { readonly ok: false; readonly problem: string };

/** The candidates by the names that the roster has of them: who is not in it cannot be proposed. */
async function optionsOf(db: Queryable, proposal: DispatchProposal): Promise<Options> {
  const { run, technicianId, candidates } = proposal;
  const of = { workspaceId: run.workspaceId, kind: technicians };
  const options: FieldProposal['options'][number][] = [];
  for (const { technicianId: id, score, reason } of candidates) {
    const [found] = await findRecords(db, of, { externalId: id });
    if (found === undefined) return { ok: false, problem: `There is no technician ${id}.` };
    if (id === technicianId && fieldOf(found.data, 'is_active') === false) {
      return { ok: false, problem: `The technician ${id} is not active.` };
    }
    options.push({ id, name: String(fieldOf(found.data, 'name')), description: reason, score });
  }
  if (technicianId === null || options.some(({ id }) => id === technicianId)) {
    return { ok: true, options };
  }
  return { ok: false, problem: `The technician ${technicianId} is none of the candidates.` };
}

/** Throws `not_found`. */
export async function requireFieldDecision(
  db: Queryable,
  { scope, id }: ScopedKey,
  how: { readonly lock: boolean; readonly purpose?: DecisionPurpose | undefined } = { lock: false },
): Promise<FieldDecision> {
  const decision = await getFieldDecision(db, scope, id, how);
  const isMeant = how.purpose === undefined || decision?.purpose === how.purpose;
  if (decision === null || !isMeant) {
    throw new ApiError('not_found', `There is no decision ${id}.`);
  }
  return decision;
}

/** Throws `validation_error` for who is not in the roster (any more); null is nobody. */
async function requireTechnician(
  tx: Queryable,
  { workspaceId }: FieldDecision,
  given: { readonly value: unknown; readonly valueName: string },
): Promise<void> {
  const { value: id, valueName } = given;
  if (id === null) return;
  const of = { workspaceId, kind: technicians };
  const found = await findRecords(tx, of, { externalId: String(id) });
  if (found.length > 0) return;
  throw refusal(new Map([[valueName, `must be a technician of the workspace, not ${id}`]]));
}

/**
 * Decides, once, and writes the record by it. Throws `not_found`; `already_decided`; `conflict` when the record is no
 * more; `validation_error` for a value that the record cannot have.
 */
export async function decideField(
  db: Database,
  key: { readonly scope: WorkspaceScope; readonly id: string; readonly purpose?: DecisionPurpose },
  given: {
    readonly action: DecisionAction;
    /** In place of what was proposed; only of an override. */
    readonly value?: unknown;
    /** What whoever decides calls the value; refusals are about it. */
    readonly valueName: string;
    readonly note: string | null;
    readonly by: Person;
  },
): Promise<FieldDecision> {
  const { action, valueName, note, by } = given;
  if ((action === 'override') !== (given.value !== undefined)) {
    const problem =
      action === 'override' ? 'is required to override' : 'is only for the action override';
    throw refusal(new Map([[valueName, problem]]));
  }
  return await db.transaction(async (tx) => {
    const decision = await requireFieldDecision(tx, key, { lock: true, purpose: key.purpose });
    if (decision.status !== 'proposed') {
      const was = decision.status.replaceAll('_', ' ');
      throw new ApiError('already_decided', `Decision ${key.id} was ${was}; that is final.`);
    }
    if (action === 'reject') {
      await settleFieldDecision(tx, decision.id, { status: 'rejected', finalJson: null, note, by });
    } else {
      const value: unknown = action === 'accept' ? JSON.parse(decision.proposedJson) : given.value;
      if (decision.purpose === 'dispatch') {
        await requireTechnician(tx, decision, { value, valueName });
      }
      const finalJson = JSON.stringify(value);
      await write(tx, decision, { value, causedByRunId: null });
      const status = action === 'accept' ? 'accepted' : 'overridden';
      await settleFieldDecision(tx, decision.id, { status, finalJson, note, by });
    }
    return await requireFieldDecision(tx, key);
  });
}
