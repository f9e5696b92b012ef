import type { Person } from './approval.ts';
import type { RecordQuestion } from './record.ts';

// What runs say that a field of a record should hold, why, and what became of it: an update of a field, or the
// technician that a ticket goes to, which is one too.

export const decisionPurposes = ['field', 'dispatch'] as const;
export type DecisionPurpose = (typeof decisionPurposes)[number];

/** `not_needed`: the run decided that the field stays. `overridden`: a person set another value. */
export const decisionStatuses = [
  'proposed',
  'accepted',
  'overridden',
  'rejected',
  'not_needed',
] as const;
export type DecisionStatus = (typeof decisionStatuses)[number];

export const decisionActions = ['accept', 'override', 'reject'] as const;
export type DecisionAction = (typeof decisionActions)[number];

/** One of what there was to choose from. */
export interface DecisionOption {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  /** How well it fits, 0 to 100; null where nobody said. */
  readonly score: number | null;
}

export const decisionMaxima = {
  options: 100,
  justification: 5_000,
  /** Characters of the JSON text of a value. */
  value: 20_000,
} as const;

export interface FieldDecision {
  readonly id: string;
  readonly workspaceId: string;
  readonly agent: { readonly id: string; readonly number: number; readonly name: string };
  /** Both ids of the run, and the step that said so. */
  readonly run: { readonly id: string; readonly runId: string; readonly stepId: string };
  readonly purpose: DecisionPurpose;
  /** The record: its kind, what its source calls it, and our own id of it. */
  readonly kind: string;
  readonly entityId: string;
  readonly recordId: string;
  readonly field: string;
  /** It is one of the record's `custom_fields`. */
  readonly isCustomField: boolean;
  readonly shouldUpdate: boolean;
  /** JSON text: what the record held at the time, and what it should hold. */
  readonly currentJson: string;
  readonly proposedJson: string;
  /** Which of the options it is, if it is one. */
  readonly proposedOptionId: string | null;
  readonly justification: string;
  readonly options: readonly DecisionOption[];
  readonly status: DecisionStatus;
  /** JSON text of what was written; null as long as nothing was. */
  readonly finalJson: string | null;
  readonly note: string | null;
  /** Who decided: a token, a member, or the agent itself; null as long as nobody has. */
  readonly decidedBy: Person | null;
  readonly decidedAt: Date | null;
  readonly createdAt: Date;
}

/** What a run proposes of one field. */
export interface FieldProposal {
  readonly run: RecordQuestion['run'] & { readonly agentId: string };
  /** Of the call: a repeat of it is the same decision. */
  readonly callKey: string;
  readonly kind: string;
  readonly entityId: string;
  readonly field: string;
  readonly isCustomField: boolean;
  readonly shouldUpdate: boolean;
  readonly value: unknown;
  readonly optionId: string | null;
  readonly justification: string;
  readonly options: readonly DecisionOption[];
  /** Written at once, and not left for a person to decide. */
  readonly isFinal: boolean;
}

/** Whom a run proposes for a record that has an owner; null is nobody. */
export interface DispatchProposal
  extends Pick<FieldProposal, 'run' | 'callKey' | 'kind' | 'entityId' | 'justification'> {
  readonly technicianId: string | null;
  readonly candidates: readonly {
    readonly technicianId: string;
    readonly score: number;
    readonly reason: string;
  }[];
}

export type Proposed =
  | { readonly ok: true; readonly decision: FieldDecision }
  /** In words for the model. */
  | { readonly ok: false; readonly problem: string };

/** What the tools of runs write decisions by. */
export interface ProposeFields {
  field(proposal: FieldProposal): Promise<Proposed>;
  dispatch(proposal: DispatchProposal): Promise<Proposed>;
}
