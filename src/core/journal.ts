import type { ApprovalAnswer, ApprovalKind, ExpiryPolicy } from './approval.ts';
import type { KeptFile } from './artifact.ts';
import type { Disposition } from './disposition.ts';
import type {
  FailedAttempt,
  FinishReason,
  ModelErrorKind,
  ModelToolCall,
  ModelUsage,
} from './model.ts';
import type { RunOutcome, RunTotals, StopReason } from './run.ts';
import type { CallConnection } from './sandbox.ts';
import type { LoadedSkill } from './skill.ts';

// The journal of a run: append-only entries. A step is what its entries say together.

export const stepTypes = ['model', 'tool', 'approval', 'delay', 'delivery', 'guardrail'] as const;
export type StepType = (typeof stepTypes)[number];

/** An output over the inline limit is kept apart (I8): here are its ends and where the rest is. */
export interface SpilledOutput {
  readonly spillId: string;
  readonly sizeBytes: number;
  readonly head: string;
  readonly tail: string;
}

/** An entry that a fork took over from the run it came from: nothing was called for it here. */
interface MayBeCopied {
  readonly copied?: true;
}

/** A model call that was committed; `lost` stands for one that a crash took (I4). */
export interface ModelDone extends MayBeCopied {
  /** The `provider/model` that answered. */
  readonly model: string;
  /** The name in the workspace's registry that was asked, if it was one. */
  readonly alias?: string;
  readonly firstChunkMs?: number;
  /** What the model reads of its answer later: all of it, or head and tail when it was spilled. */
  readonly text: string;
  readonly reasoning: string | null;
  readonly toolCalls: readonly ModelToolCall[];
  readonly finishReason: FinishReason;
  readonly usage: ModelUsage;
  readonly costUsd: number | null;
  readonly failedAttempts: readonly FailedAttempt[];
  readonly durationMs: number;
  readonly providerData?: unknown;
  /** What the loop answers to it before asking again (“call finish”), if anything. */
  readonly nudge: string | null;
  readonly spilled?: SpilledOutput;
  /** The action of a chain that it answers. */
  readonly action?: string;
}

export interface ModelLost extends MayBeCopied {
  readonly model: string;
  readonly estimatedInputTokens: number;
  readonly estimatedCostUsd: number | null;
}

/** A model call that failed for good, after its retries. */
export interface ModelFailed extends MayBeCopied {
  /** As it was asked: `provider/model` or a name of the registry. */
  readonly model: string;
  readonly kind: ModelErrorKind;
  readonly error: string;
  readonly failedAttempts: readonly FailedAttempt[];
  readonly durationMs: number;
}

/** The run that a call of another agent asks for; its ids are known before it exists. */
export interface ChildRunRef {
  readonly id: string;
  readonly runId: string;
  readonly model: string;
}

/** A call's intent, committed before it starts (I5). */
export interface ToolStarted extends MayBeCopied {
  readonly callId: string;
  readonly name: string;
  /** JSON text of the arguments. */
  readonly inputJson: string;
  readonly toolId: string | null;
  readonly toolVersion: number | null;
  readonly idempotent: boolean;
  /** Of a call of another agent, whose id and version are `toolId` and `toolVersion`. */
  readonly child?: ChildRunRef;
}

/**
 * How a call ended. With state `failed` and no `started` entry, it was refused before it began; `planned` is
 * the only entry of a call that a dry run did not make.
 */
export interface ToolEnded extends MayBeCopied {
  readonly callId: string;
  readonly name: string;
  readonly inputJson: string;
  readonly toolVersion: number | null;
  /** Only of a call that began and ended badly: such calls of a tool are found by it. */
  readonly toolId?: string;
  /** JSON text of what the tool returned; null when it failed or was spilled. */
  readonly outputJson: string | null;
  readonly spilled?: SpilledOutput;
  readonly error: string | null;
  /** Files that the call handed over. */
  readonly artifacts?: readonly KeptFile[];
  /** Images and documents in the output: the model is shown them after the round's results. */
  readonly fileCount?: number;
  /** What the model reads. */
  readonly modelText: string;
  readonly logs: string | null;
  /** Those that the call asked for; only of tools that may reach hosts. */
  readonly connections?: readonly CallConnection[];
  readonly durationMs: number;
  readonly attempts: number;
  /** The run that did it, with what it used. */
  readonly child?: RunTotals & Pick<ChildRunRef, 'id' | 'runId'>;
  /** The call took something of this skill, which is in force from here on. */
  readonly skill?: LoadedSkill;
  /** Given by whoever forked the run, in place of what the tool had returned. */
  readonly edited?: true;
}

/** The run gave itself up until a time; `started` when it did, `done` when it went on. */
export interface Delay extends MayBeCopied {
  /** ISO 8601. */
  readonly until: string;
  readonly reason: string;
  /** A limit of our own held the run back, nothing that is wrong with a provider. */
  readonly isOwnLimit?: true;
}

/** The run waits for a person's decision; the approval's id is known before it exists. */
export interface ApprovalAsked extends MayBeCopied {
  readonly approvalId: string;
  readonly kind: ApprovalKind;
  readonly question: string;
  /** JSON text of what is to be decided, where it is not the arguments of `call`. */
  readonly proposalJson: string | null;
  readonly approvers: readonly string[];
  readonly expiresAfterMs: number;
  readonly onExpiry: ExpiryPolicy;
  /** The call that goes on, or is answered, by the decision. */
  readonly call?: ToolStarted;
  /** What the run decided, and ends with once it is approved. */
  readonly outcome?: RunOutcome;
}

export interface ApprovalAnswered extends MayBeCopied, ApprovalAnswer {
  readonly approvalId: string;
  readonly kind: ApprovalKind;
  /** What the model is told by it, where no call of a tool says it. */
  readonly modelText: string | null;
}

/** A reply that waits for its verdict: it takes effect only when it breaks no guardrail. */
export interface GuardrailOpen extends MayBeCopied {
  readonly outcome: RunOutcome;
}

export interface BrokenGuardrail {
  readonly id: string;
  readonly title: string;
  readonly why: string;
}

export interface GuardrailJudged extends MayBeCopied {
  readonly model: string;
  readonly reply: string;
  /** Null: the verdict could not be read, which counts against the reply. */
  readonly violations: readonly BrokenGuardrail[] | null;
  readonly usage: ModelUsage;
  readonly costUsd: number | null;
  readonly failedAttempts: readonly FailedAttempt[];
  readonly durationMs: number;
  /** What the model is told by it, where no call of a tool says it. */
  readonly modelText: string | null;
}

/**
 * A reply that is to be delivered: what the run decided, which it ends with once the reply is committed or
 * there is nobody left to answer.
 */
export interface DeliveryPlanned extends MayBeCopied {
  readonly conversationId: string;
  /** The conversation's count up to which it answers. */
  readonly readRev: number;
  readonly outcome: RunOutcome;
}

/** The reply is a message of the conversation: committed, and sent from then on. */
export interface DeliveryQueued extends MayBeCopied {
  readonly messageId: string;
}

/** How a cancel closes what is no tool's, and how a reply ends that nobody needs any more. */
export type Closed = Pick<ToolEnded, 'error'>;

/** How the run ended: the last entry of its journal, and no step. */
export interface RunEnded {
  readonly stopReason: StopReason;
  readonly disposition: Disposition | null;
  readonly response: string | null;
  readonly error: string | null;
}

interface EntryBase {
  readonly seq: number;
  /** `seq` of the step's first entry. */
  readonly step: number;
  readonly createdAt: Date;
}

export type JournalEntry = EntryBase & JournalContent;

export type JournalContent =
  | { readonly type: 'model'; readonly state: 'done'; readonly data: ModelDone }
  | { readonly type: 'model'; readonly state: 'lost'; readonly data: ModelLost }
  | { readonly type: 'model'; readonly state: 'failed'; readonly data: ModelFailed }
  | { readonly type: 'tool'; readonly state: 'started'; readonly data: ToolStarted }
  | {
      readonly type: 'tool';
      readonly state: 'done' | 'failed' | 'interrupted' | 'cancelled' | 'planned';
      readonly data: ToolEnded;
    }
  | {
      readonly type: 'delay';
      readonly state: 'started' | 'done';
      readonly data: Delay;
    }
  | { readonly type: 'guardrail'; readonly state: 'started'; readonly data: GuardrailOpen }
  | { readonly type: 'guardrail'; readonly state: 'done'; readonly data: GuardrailJudged }
  | { readonly type: 'guardrail'; readonly state: 'lost'; readonly data: ModelLost }
  | { readonly type: 'guardrail'; readonly state: 'failed'; readonly data: ModelFailed }
  | { readonly type: 'guardrail'; readonly state: 'cancelled'; readonly data: Closed }
  | { readonly type: 'approval'; readonly state: 'started'; readonly data: ApprovalAsked }
  | { readonly type: 'approval'; readonly state: 'done'; readonly data: ApprovalAnswered }
  | { readonly type: 'delay'; readonly state: 'cancelled'; readonly data: Closed }
  | { readonly type: 'approval'; readonly state: 'cancelled'; readonly data: Closed }
  | {
      readonly type: 'delivery';
      /** `planned`: a dry run, which delivers nothing. */
      readonly state: 'started' | 'planned';
      readonly data: DeliveryPlanned;
    }
  | { readonly type: 'delivery'; readonly state: 'done'; readonly data: DeliveryQueued }
  | { readonly type: 'delivery'; readonly state: 'cancelled'; readonly data: Closed }
  | {
      readonly type: 'end';
      readonly state: 'done' | 'failed' | 'cancelled';
      readonly data: RunEnded;
    };

/** The stable name of a step (`run:step`), which tools can pass on for deduplication. */
export function stepId(runId: string, step: number): string {
  return `${runId}:${step}`;
}
