import type { TurnEnd } from '../../chat/turn-events.ts';
import { totalsOf } from '../../core/run.ts';
import type { Opened } from './open-completion.ts';

// A completion as OpenAI's API shows it. `thread_id`, `run_id` and `outcome` are ours.

export interface CompletionHead {
  readonly id: string;
  readonly created: number;
  readonly model: string;
  readonly thread_id: string;
  readonly system_fingerprint: null;
}

export function headOf({ session, turn }: Opened, model: string, createdAt: Date): CompletionHead {
  return {
    id: `chatcmpl-${turn.messageId}`,
    created: Math.floor(createdAt.getTime() / 1_000),
    model,
    thread_id: session.id,
    system_fingerprint: null,
  };
}

/** Null: nobody of ours answers. */
export function endingOf(end: TurnEnd | null) {
  return { run_id: end?.run.id ?? null, outcome: end?.outcome ?? 'handed_over' };
}

/** Tokens of the run that answered, its tools' and guardrails' included. */
export function usageOf(end: TurnEnd | null) {
  const total = end === null ? { inputTokens: 0, outputTokens: 0 } : totalsOf(end.run);
  const { inputTokens: prompt_tokens, outputTokens: completion_tokens } = total;
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

export function wholeCompletion(head: CompletionHead, end: TurnEnd | null) {
  return {
    ...head,
    object: 'chat.completion',
    ...endingOf(end),
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          // Empty where there is no reply: `outcome` says why.
          content: end?.message?.body ?? '',
          refusal: null,
          annotations: [],
        },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: usageOf(end),
  };
}

export function chunk(
  head: CompletionHead,
  delta: Readonly<Record<string, string>>,
  finish: 'stop' | null = null,
) {
  const choice = { index: 0, delta, logprobs: null, finish_reason: finish };
  return { ...head, object: 'chat.completion.chunk', choices: [choice] };
}
