import {
  type ModelAnswer,
  ModelError,
  type ModelMessage,
  type ModelRequest,
  type ModelUsage,
} from '../core/model.ts';
import type { Clock } from './clock.ts';
import { applyPrice } from './prices.ts';
import type { Script, ScriptTurn } from './script.ts';
import { estimateUsage } from './usage.ts';

// The turn is the number of answers in the request, not a counter of ours: a run that is resumed
// after a crash, in whatever process, continues at the right place.

/** The scripted answer to this request. Throws `ModelError` of kind `script` on what is not expected. */
export async function answerFromScript(
  script: Script,
  request: ModelRequest,
  clock: Clock,
): Promise<ModelAnswer> {
  const index = countAnswers(request.messages);
  const turns = request.purpose === 'guardrail' ? (script.guardrails ?? []) : script.turns;
  const turn = turns[index];
  if (turn === undefined) {
    const what = request.purpose === undefined ? 'turns' : 'turns in `guardrails`';
    throw new ModelError(
      'script',
      `${request.model}: unexpected call ${index + 1}; the script has ${turns.length} ${what}.\n  last message: ${excerpt(request.messages.at(-1)?.text ?? '(none)')}`,
    );
  }
  const differences = compareToExpected(turn, request, index);
  if (differences.length > 0) {
    throw new ModelError(
      'script',
      `${request.model}: turn ${index + 1} is not as the script expects.\n  ${differences.join('\n  ')}`,
    );
  }
  await waitAndCheck(turn, request, clock);
  const { answer } = turn;
  if (answer.error !== undefined) {
    throw new ModelError(answer.error.kind, `${request.model}: ${answer.error.message}`);
  }
  const text = answer.text ?? '';
  for (const piece of text.match(/\S+\s*|\s+/g) ?? []) request.onText?.(piece, 1);
  const toolCalls = (answer.tool_calls ?? []).map((call, at) => ({
    callId: `script_${index + 1}_${at + 1}`,
    name: call.name,
    argumentsText:
      typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments),
  }));
  const usage = usageOf(turn, request);
  return {
    text,
    reasoning: null,
    toolCalls,
    finishReason: answer.finish_reason ?? (toolCalls.length > 0 ? 'tool_calls' : 'stop'),
    usage,
    costUsd: scriptedCost(script, usage),
    failedAttempts: [],
  };
}

/** USD by the script's own price; null when it names none. */
export function scriptedCost(script: Script, usage: ModelUsage): number | null {
  const { price } = script;
  if (price === undefined) return null;
  return applyPrice(
    {
      input: price.input,
      output: price.output,
      ...(price.cached_input === undefined ? {} : { cachedInput: price.cached_input }),
      ...(price.cache_write === undefined ? {} : { cacheWrite: price.cache_write }),
    },
    usage,
  );
}

/** Names the turns that a run which is about to end has not used, or null. */
export function unusedTurns(
  script: Script,
  request: Pick<ModelRequest, 'model' | 'messages'>,
): string | null {
  const used = countAnswers(request.messages);
  const rest = script.turns.slice(used);
  if (rest.length === 0) return null;
  const named = rest.map((turn, at) => `turn ${used + at + 1} (${summary(turn)})`);
  return `${request.model}: ${rest.length} of ${script.turns.length} turns of the script were not used: ${named.join(', ')}.`;
}

async function waitAndCheck(turn: ScriptTurn, request: ModelRequest, clock: Clock): Promise<void> {
  const { signal } = request;
  try {
    signal?.throwIfAborted();
    if (turn.answer.delay_ms !== undefined) await clock.sleep(turn.answer.delay_ms, signal);
  } catch (cause) {
    throw new ModelError('aborted', `The call of ${request.model} was aborted.`, { cause });
  }
}

function compareToExpected(turn: ScriptTurn, request: ModelRequest, index: number): string[] {
  const { expect } = turn;
  const differences: string[] = [];
  if (expect === undefined) return differences;
  const offered = request.tools.map((tool) => tool.name);
  const missing = (expect.tools ?? []).filter((name) => !offered.includes(name));
  if (missing.length > 0) {
    differences.push(`tools not offered: ${missing.join(', ')}; offered: ${list(offered)}`);
  }
  const recent = index === 0 ? request.messages : sinceLastAnswer(request.messages);
  for (const text of expect.contains ?? []) {
    if (recent.some((message) => message.text.includes(text))) continue;
    const seen = recent.map((message) => `${message.role}: ${excerpt(message.text)}`);
    differences.push(`no message contains ${JSON.stringify(text)}; there are ${list(seen)}`);
  }
  if (expect.results_of !== undefined) {
    const came = recent.flatMap((message) => (message.role === 'tool' ? [message.name] : []));
    if (expect.results_of.toSorted().join('\n') !== came.toSorted().join('\n')) {
      differences.push(`expected results of: ${list(expect.results_of)}; came: ${list(came)}`);
    }
  }
  return differences;
}

function usageOf({ answer }: ScriptTurn, request: ModelRequest): ModelUsage {
  if (answer.usage === undefined) {
    const written = (answer.tool_calls ?? []).map((call) => JSON.stringify(call)).join('');
    return estimateUsage({
      messages: request.messages,
      tools: request.tools,
      answer: (answer.text ?? '') + written,
    });
  }
  return {
    inputTokens: answer.usage.input_tokens,
    outputTokens: answer.usage.output_tokens,
    cachedInputTokens: answer.usage.cached_input_tokens ?? 0,
    cacheWriteTokens: answer.usage.cache_write_tokens ?? 0,
    reasoningTokens: answer.usage.reasoning_tokens ?? 0,
  };
}

function countAnswers(messages: readonly ModelMessage[]): number {
  return messages.filter((message) => message.role === 'assistant' && !message.isEarlier).length;
}

function sinceLastAnswer(messages: readonly ModelMessage[]): readonly ModelMessage[] {
  return messages.slice(messages.findLastIndex((message) => message.role === 'assistant') + 1);
}

function summary({ answer }: ScriptTurn): string {
  if (answer.error !== undefined) return `fails: ${excerpt(answer.error.message)}`;
  if (answer.tool_calls?.length) {
    return `calls ${answer.tool_calls.map((call) => call.name).join(', ')}`;
  }
  return `says ${excerpt(answer.text ?? '')}`;
}

function list(names: readonly string[]): string {
  return names.length === 0 ? '(none)' : names.join(', ');
}

function excerpt(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
}
