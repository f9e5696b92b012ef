import type { AgentDefinition } from '../core/agent.ts';
import { type JournalEntry, stepId } from '../core/journal.ts';
import type { Run } from '../core/run.ts';
import { spanIdOf, traceParts } from '../core/trace-context.ts';

// Spans of runs, made of committed journal entries: one tree a run, `invoke_agent` with a `chat` for every call of a
// model and an `execute_tool` for every call of a tool, named by OpenTelemetry's conventions for generative AI:
// https://github.com/open-telemetry/semantic-conventions-genai. A resumed run goes on in its trace, whoever drives it.

type AttributeValue = string | number | boolean | string[];

export interface RunSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly kind: 'internal' | 'client';
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Record<string, AttributeValue>;
  /** What went wrong; null for what went well. */
  readonly error: string | null;
}

export interface SpanOptions {
  /** What was written and answered; by default only numbers and names. */
  readonly withContent: boolean;
}

/** Calls of models: the agent's own, and those that judge its replies by its guardrails. */
export type ModelCallEntry =
  | Extract<JournalEntry, { type: 'model' }>
  | Extract<JournalEntry, { type: 'guardrail'; state: 'done' | 'lost' | 'failed' }>;
type ToolEnd = Extract<JournalEntry, { type: 'tool'; data: { durationMs: number } }>;

/** The spans that the entry ends; none for what only begins. */
export function spansOf(
  run: Run,
  definition: AgentDefinition,
  entry: JournalEntry,
  options: SpanOptions,
): RunSpan[] {
  if ('copied' in entry.data && entry.data.copied === true) return [];
  if (isModelCall(entry)) return [chatSpan(run, entry, options)];
  if (entry.type === 'tool' && isToolEnd(entry)) return [toolSpan(run, entry, options)];
  if (entry.type === 'end') {
    return [
      agentSpan(run, definition, { ...entry.data, endMs: entry.createdAt.getTime() }, options),
    ];
  }
  return [];
}

/** The span of a run that was ended from outside. */
export function cancelledSpan(run: Run, options: SpanOptions): RunSpan {
  const endMs = (run.completedAt ?? new Date()).getTime();
  const ended = { stopReason: 'cancelled', disposition: null, response: null, error: run.error };
  return agentSpan(run, null, { ...ended, endMs }, options);
}

export function isModelCall(entry: JournalEntry): entry is ModelCallEntry {
  if (entry.type === 'model') return true;
  return entry.type === 'guardrail' && entry.state !== 'started' && entry.state !== 'cancelled';
}

export function isToolEnd(entry: JournalEntry): entry is ToolEnd {
  return entry.type === 'tool' && 'durationMs' in entry.data;
}

function below(run: Run, step: number) {
  return {
    traceId: traceParts(run.traceId).traceId,
    spanId: spanIdOf(stepId(run.id, step)),
    parentSpanId: spanIdOf(run.id),
  };
}

function agentSpan(
  run: Run,
  definition: AgentDefinition | null,
  end: {
    readonly stopReason: string;
    readonly disposition: string | null;
    readonly response: string | null;
    readonly error: string | null;
    readonly endMs: number;
  },
  { withContent }: SpanOptions,
): RunSpan {
  const { traceId, parentSpanId } = traceParts(run.traceId);
  const name = definition?.name ?? null;
  return {
    traceId,
    spanId: spanIdOf(run.id),
    parentSpanId,
    name: name === null ? 'invoke_agent' : `invoke_agent ${name}`,
    kind: 'internal',
    startMs: run.createdAt.getTime(),
    endMs: end.endMs,
    error: end.error,
    attributes: {
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.provider.name': providerName(run.model),
      'gen_ai.agent.id': run.agentId,
      ...(name === null ? {} : { 'gen_ai.agent.name': name }),
      'gen_ai.agent.version': String(run.agentVersion),
      'gen_ai.request.model': modelName(run.model),
      ...(run.sessionId === null ? {} : { 'gen_ai.conversation.id': run.sessionId }),
      'gen_ai.usage.input_tokens': run.inputTokens,
      'gen_ai.usage.output_tokens': run.outputTokens,
      ...(end.error === null ? {} : { 'error.type': end.stopReason }),
      ...(withContent
        ? {
            'gen_ai.input.messages': messagesText('user', run.payloadJson),
            ...(end.response === null
              ? {}
              : { 'gen_ai.output.messages': messagesText('assistant', end.response) }),
          }
        : {}),
      'signalbox.workspace.id': run.workspaceId,
      'signalbox.run.id': run.runId,
      'signalbox.run.stop_reason': end.stopReason,
      ...(end.disposition === null ? {} : { 'signalbox.run.disposition': end.disposition }),
      ...(run.costUsd === null ? {} : { 'signalbox.cost.usd': run.costUsd }),
    },
  };
}

function chatSpan(run: Run, entry: ModelCallEntry, { withContent }: SpanOptions): RunSpan {
  const endMs = entry.createdAt.getTime();
  const durationMs = entry.state === 'lost' ? 0 : entry.data.durationMs;
  const { model } = entry.data;
  const asked = 'alias' in entry.data ? (entry.data.alias ?? model) : model;
  const common = {
    ...below(run, entry.step),
    // Calls that a crash took belong to the step of the one that was made again.
    ...(entry.state === 'lost' ? { spanId: spanIdOf(`${stepId(run.id, entry.seq)} lost`) } : {}),
    name: `chat ${modelName(model)}`,
    kind: 'client' as const,
    startMs: endMs - durationMs,
    endMs,
  };
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': providerName(model),
    'gen_ai.request.model': modelName(asked),
    'signalbox.run.id': run.runId,
    'signalbox.step.id': stepId(run.id, entry.step),
    'signalbox.step.type': entry.type,
  };
  if (entry.state === 'lost') {
    return {
      ...common,
      error: 'The process that made the call has died.',
      attributes: { ...attributes, 'error.type': 'lost' },
    };
  }
  if (entry.state === 'failed') {
    return {
      ...common,
      error: entry.data.error,
      attributes: { ...attributes, 'error.type': entry.data.kind },
    };
  }
  const { usage, costUsd, failedAttempts } = entry.data;
  const answered = entry.type === 'model' ? entry.data : null;
  const firstChunkMs = answered?.firstChunkMs;
  return {
    ...common,
    error: null,
    attributes: {
      ...attributes,
      'gen_ai.response.model': modelName(model),
      ...(answered === null ? {} : { 'gen_ai.response.finish_reasons': [answered.finishReason] }),
      'gen_ai.usage.input_tokens': usage.inputTokens,
      'gen_ai.usage.output_tokens': usage.outputTokens,
      ...(usage.cachedInputTokens === 0
        ? {}
        : { 'gen_ai.usage.cache_read.input_tokens': usage.cachedInputTokens }),
      ...(usage.cacheWriteTokens === 0
        ? {}
        : { 'gen_ai.usage.cache_creation.input_tokens': usage.cacheWriteTokens }),
      ...(usage.reasoningTokens === 0
        ? {}
        : { 'gen_ai.usage.reasoning.output_tokens': usage.reasoningTokens }),
      ...(firstChunkMs === undefined
        ? {}
        : { 'gen_ai.response.time_to_first_chunk': firstChunkMs / 1_000 }),
      ...(costUsd === null ? {} : { 'signalbox.cost.usd': costUsd }),
      ...(failedAttempts.length === 0
        ? {}
        : { 'signalbox.model.failed_attempts': failedAttempts.length }),
      ...(withContent && answered !== null
        ? { 'gen_ai.output.messages': messagesText('assistant', answered.text) }
        : {}),
    },
  };
}

function toolSpan(run: Run, entry: ToolEnd, { withContent }: SpanOptions): RunSpan {
  const { data, state } = entry;
  const endMs = entry.createdAt.getTime();
  const isFailed = state !== 'done' && state !== 'planned';
  return {
    ...below(run, entry.step),
    name: `execute_tool ${data.name}`,
    kind: 'internal',
    startMs: endMs - data.durationMs,
    endMs,
    error: isFailed ? (data.error ?? state) : null,
    attributes: {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': data.name,
      'gen_ai.tool.call.id': data.callId,
      'gen_ai.tool.type': data.child === undefined ? 'function' : 'agent',
      ...(isFailed ? { 'error.type': state } : {}),
      'signalbox.run.id': run.runId,
      'signalbox.step.id': stepId(run.id, entry.step),
      ...(withContent
        ? {
            'gen_ai.tool.call.arguments': data.inputJson,
            ...(data.outputJson === null ? {} : { 'gen_ai.tool.call.result': data.outputJson }),
          }
        : {}),
    },
  };
}

/** Content as the conventions have it: messages of parts, as JSON. */
function messagesText(role: string, content: string): string {
  return JSON.stringify([{ role, parts: [{ type: 'text', content }] }]);
}

const providerNames: Readonly<Record<string, string>> = {
  google: 'gcp.gemini',
  azure: 'azure.ai.openai',
  bedrock: 'aws.bedrock',
  mistral: 'mistral_ai',
};

/** As the conventions name providers. */
export function providerName(model: string): string {
  const provider = model.includes('/') ? model.slice(0, model.indexOf('/')) : 'workspace';
  return providerNames[provider] ?? provider;
}

export function modelName(model: string): string {
  return model.slice(model.indexOf('/') + 1);
}
