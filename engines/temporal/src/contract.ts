import { defineSearchAttributeKey } from '@temporalio/common';
import { defineSignal } from '@temporalio/workflow';

// What the workflow, its activity and whoever starts it agree on. Loaded into the workflow's sandbox too.

export interface RunInput {
  /** The public execution id. */
  readonly runId: string;
  /** Whether the namespace knows the search attributes. */
  readonly hasAttributes: boolean;
}

export type Turn =
  | { readonly kind: 'ended' }
  /** Null: until it is woken. */
  | { readonly kind: 'wait'; readonly forMs: number | null };

export interface Activities {
  drive(runId: string): Promise<Turn>;
}

export const wakeSignal = defineSignal('wake');

export const workspaceAttribute = defineSearchAttributeKey('SignalboxWorkspace', 'KEYWORD');
export const agentAttribute = defineSearchAttributeKey('SignalboxAgent', 'KEYWORD');
export const statusAttribute = defineSearchAttributeKey('SignalboxStatus', 'KEYWORD');
