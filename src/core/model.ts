import type { ModelFile } from './model-files.ts';

// One protocol for every model. Providers implement it in `models/`; the loop in `runs/` uses it.

export interface ModelToolCall {
  /** Minted by us, stable in the journal, sent back to the provider as is. Matches `[A-Za-z0-9_-]+`. */
  readonly callId: string;
  readonly name: string;
  /** The arguments exactly as the model wrote them: JSON text, perhaps malformed. */
  readonly argumentsText: string;
}

export type ModelMessage =
  | { readonly role: 'system'; readonly text: string }
  | {
      readonly role: 'user';
      readonly text: string;
      /** Shown to models that take their kind; to others they are named. */
      readonly files?: readonly ModelFile[];
    }
  | {
      readonly role: 'assistant';
      readonly text: string;
      readonly toolCalls: readonly ModelToolCall[];
      /** Opaque provider data of the answer (signatures of reasoning and the like), given back unchanged. */
      readonly providerData?: unknown;
      /** Said in the conversation before this run: no answer of it. */
      readonly isEarlier?: true;
    }
  | {
      readonly role: 'tool';
      readonly callId: string;
      readonly name: string;
      readonly text: string;
      readonly isError: boolean;
    };

export interface ModelToolSpec {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments: an object. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

export interface ModelRequest {
  /** `provider/model`, or a name in the workspace's registry. */
  readonly model: string;
  /** Whose models and prices apply; without it only the server's own. */
  readonly workspaceId?: string;
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ModelToolSpec[];
  /** What it is for, where it is no step of the run's own; a scripted model answers it from other turns. */
  readonly purpose?: 'guardrail';
  readonly maxOutputTokens?: number;
  /** The answer's text is to be JSON of this schema (an object). Not every provider holds to it. */
  readonly responseSchema?: Readonly<Record<string, unknown>>;
  /** Fields that log lines of the call carry: the run and its trace. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Asked right before each attempt; false: it must not start, and the call ends as aborted. */
  readonly mayStart?: () => boolean;
  /** Text as it arrives, provisional until the step is committed (I2). `attempt` counts from 1. */
  readonly onText?: (delta: string, attempt: number) => void;
}

export interface ModelUsage {
  /** All prompt tokens, cached ones included. */
  readonly inputTokens: number;
  /** All completion tokens, reasoning included. */
  readonly outputTokens: number;
  readonly cachedInputTokens: number;
  readonly cacheWriteTokens: number;
  readonly reasoningTokens: number;
  /** True when the provider sent no counts and they were estimated from the text. */
  readonly estimated?: boolean;
}

/** Of a call that was not made. */
export const noUsage: ModelUsage = {
  inputTokens: 0,
  outputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
};

export const finishReasons = ['stop', 'tool_calls', 'length', 'content_filter', 'other'] as const;
export type FinishReason = (typeof finishReasons)[number];

/** A try that failed before the answer came. */
export interface FailedAttempt {
  readonly error: string;
  readonly status: number | null;
  readonly durationMs: number;
  /** What its provider counts for it all the same: an answer that broke off is paid for as far as it came. */
  readonly usage?: ModelUsage;
  /** Of that usage; null when the price is unknown. */
  readonly costUsd?: number | null;
}

export interface ModelAnswer {
  readonly text: string;
  readonly reasoning: string | null;
  /** `callId` is the provider's; the loop replaces it by its own. */
  readonly toolCalls: readonly ModelToolCall[];
  readonly finishReason: FinishReason;
  readonly usage: ModelUsage;
  /** Null when the price is unknown; never 0 for that. */
  readonly costUsd: number | null;
  readonly failedAttempts: readonly FailedAttempt[];
  readonly providerData?: unknown;
  /** The `provider/model` that answered, where a name of the registry was asked. */
  readonly model?: string;
  /** From the last attempt's request to the first of its answer. */
  readonly firstChunkMs?: number;
}

/** One model of a chain, and after which of its errors the next one is asked. */
export interface ChainLink {
  readonly model: string;
  readonly fallbackOn: readonly ModelErrorKind[] | 'all';
}

/** What a workspace says of models: its names, chains and prices. Asked when a run needs it, never kept. */
export interface WorkspaceModels {
  /** The model itself, then what is asked in its place, in order, each once. */
  chainOf(workspaceId: string, model: string): Promise<readonly ChainLink[]>;
  costOf(workspaceId: string, model: string, usage: ModelUsage): Promise<number | null>;
  /** Why a name of the registry cannot be called, or null. */
  whyUnusable(workspaceId: string, model: string): Promise<string | null>;
}

export interface ModelClient {
  /** Calls the model, with retries on 429, 5xx, timeouts and cut connections. Throws `ModelError`. */
  call(request: ModelRequest): Promise<ModelAnswer>;
  /** Cost in USD of the given usage, null when the model has no known price. */
  cost(model: string, usage: ModelUsage): number | null;
  /** Why this model cannot be used here (unknown provider, missing key), or null when it can. */
  whyUnusable(model: string): string | null;
  /** Called before a run ends well: a scripted model says which of its answers were not used; others null. */
  whyIncomplete(request: Pick<ModelRequest, 'model' | 'messages'>): string | null;
  /** Absent where there are no workspaces. */
  readonly registry?: WorkspaceModels;
}

export const modelErrorKinds = [
  'rate_limited',
  'overloaded',
  'timeout',
  'connection',
  'unauthorized',
  'bad_request',
  'context_too_long',
  'invalid_answer',
  'unknown_model',
  'aborted',
  'script',
] as const;
export type ModelErrorKind = (typeof modelErrorKinds)[number];

export interface RetryLater {
  readonly afterMs: number | null;
  /** It was a limit of our own that held the call back: waiting for that says nothing of the provider. */
  readonly isOwnLimit?: true;
}

/** A model call that failed for good, after its retries. The message is fit for the run's `error`. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly kind: ModelErrorKind;
  readonly failedAttempts: readonly FailedAttempt[];
  /** The provider may answer later, not sooner than it asked for; null: another try would fail as well. */
  readonly retryLater: RetryLater | null;

  constructor(
    kind: ModelErrorKind,
    message: string,
    options: {
      readonly failedAttempts?: readonly FailedAttempt[];
      readonly retryLater?: RetryLater | null;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.failedAttempts = options.failedAttempts ?? [];
    this.retryLater = options.retryLater ?? null;
  }
}
