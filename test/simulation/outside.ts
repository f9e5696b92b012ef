import { type ModelClient, ModelError } from '../../src/core/model.ts';
import { inlineLimitBytes } from '../../src/runs/spill.ts';
import type { AgentTool } from '../../src/tools/tool.ts';
import { functionTool } from '../support/engine.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { helperOf } from './agents.ts';
import { unstorable } from './statement-model.ts';
import type { Host, VirtualTime } from './virtual-time.ts';

// What is outside of all processes and remembers: the model's provider and the services behind the tools.

export interface Outside {
  readonly modelCalls: { readonly n: number; readonly turn: number; readonly host: string }[];
  /** Starts of tool calls by their key. */
  readonly toolStarts: Map<string, { readonly tool: string; count: number }>;
  /** Effects that the services have kept, by key. */
  readonly effects: Map<string, number>;
  /** Called before a model's answer begins, to judge whether it may. */
  onModelCall: (call: { readonly n: number; readonly turn: number; readonly host: Host }) => void;
  onToolStart: (call: { readonly key: string; readonly host: Host }) => void;
}

export const newOutside = (): Outside => ({
  modelCalls: [],
  toolStarts: new Map(),
  effects: new Map(),
  onModelCall: () => {},
  onToolStart: () => {},
});

/** What run number `n` does: tools by turn, then `finish`. The same for everybody who asks. */
export function planOf(
  n: number,
  seed: number,
): { readonly turns: string[][]; readonly isBad: boolean } {
  const random = seededRandom(seed * 1_000_003 + n);
  const turns = Array.from({ length: 1 + Math.floor(random() * 3) }, () =>
    Array.from({ length: 1 + Math.floor(random() * 2) }, () => toolFor(random(), n)),
  );
  return { turns, isBad: random() < 0.06 };
}

function toolFor(chance: number, n: number): string {
  if (chance < 0.08) return 'dump';
  if (chance > 0.9 && n < deepest) return askAgentTool;
  return chance < 0.5 ? 'count' : 'pay';
}

/** Runs with such numbers were asked for by runs that were asked for: they ask for none. */
const deepest = 10_000;

export const askAgentTool = 'ask_agent';

/** What call `index` of turn `turn` of run number `n` asks another agent for: no two ask for the same. */
function numberOfChild(n: number, turn: number, index: number): number {
  return 100 * n + 10 * turn + index + 1;
}

/** More than is kept in the journal (I8). */
const largeOutput = 'x'.repeat(inlineLimitBytes + 1);

export function payloadOf(n: number): string {
  return `{"n":${n}}`;
}

export function numberIn(text: string): number {
  return Number(/"n":(\d+)/.exec(text)?.[1] ?? Number.NaN);
}

interface Place {
  readonly time: VirtualTime;
  readonly host: Host;
  readonly outside: Outside;
  readonly seed: number;
}

const usage = {
  inputTokens: 1,
  outputTokens: 1,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
};

export function simModels(place: Place): ModelClient {
  const { outside, host, seed } = place;
  return {
    call: async (request) => {
      const n = numberIn(request.messages.map((message) => message.text).join('\n'));
      const turn = request.messages.filter((message) => message.role === 'assistant').length;
      outside.modelCalls.push({ n, turn, host: host.name });
      outside.onModelCall({ n, turn, host });
      await takesAWhile(place, request.signal).catch(() => {
        throw new ModelError('aborted', 'aborted');
      });
      return answerOf({ n, turn, seed });
    },
    cost: () => 0.001,
    whyUnusable: () => null,
    whyIncomplete: () => null,
  };
}

function answerOf(given: { readonly n: number; readonly turn: number; readonly seed: number }) {
  const { turns, isBad } = planOf(given.n, given.seed);
  const tools = turns[given.turn];
  const calls =
    tools === undefined
      ? [{ name: 'finish', argumentsText: '{"disposition":"resolved"}' }]
      : tools.map((name, index) => ({
          name,
          argumentsText:
            name === askAgentTool ? payloadOf(numberOfChild(given.n, given.turn, index)) : '{}',
        }));
  return {
    text: isBad && given.turn === turns.length - 1 ? unstorable : `turn ${given.turn}`,
    reasoning: null,
    toolCalls: calls.map((call, index) => ({ ...call, callId: `c${index}` })),
    finishReason: 'tool_calls' as const,
    usage,
    costUsd: 0.001,
    failedAttempts: [],
  };
}

export function simTools(place: Place, agentId: string): AgentTool[] {
  const { outside } = place;
  const tool = (name: string, idempotent: boolean) =>
    functionTool(
      name,
      async (_, { key, signal }) => {
        const starts = outside.toolStarts.get(key) ?? { tool: name, count: 0 };
        starts.count += 1;
        outside.onToolStart({ key, host: place.host });
        outside.toolStarts.set(key, starts);
        await takesAWhile(place, signal);
        outside.effects.set(key, (outside.effects.get(key) ?? 0) + 1);
        return name === 'dump' ? largeOutput : 'ok';
      },
      { idempotent },
    );
  const askAgent: AgentTool = {
    ...functionTool(askAgentTool, () => Promise.reject(new Error('It is a run.'))),
    ...{ toolId: helperOf(agentId), idempotent: true, hasEffects: false },
    agent: { model: 'scripted/simulated' },
  };
  return [tool('count', true), tool('pay', false), tool('dump', true), askAgent];
}

/** Mostly short, at times longer than a process is thought dead. Rejects when the signal fires. */
function takesAWhile({ time, host }: Place, signal?: AbortSignal): Promise<void> {
  const ms = time.random() < 0.1 ? 15_000 * time.random() : 300 * time.random();
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const scheduled = time.after(ms * host.slowness, host, resolve);
    signal?.addEventListener('abort', () => {
      scheduled.cancel();
      reject(signal.reason);
    });
  });
}
