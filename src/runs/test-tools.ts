import type { ScriptedResult, TestDefinition } from '../core/agent-test.ts';
import { type JournalEntry, stepId } from '../core/journal.ts';
import { assignResults } from '../core/scripted-results.ts';
import { loadSkillName, readSkillFileName } from '../skills/skill-tools.ts';
import type { Database } from '../store/connect.ts';
import { readJournal } from '../store/journal.ts';
import { headAndTail } from '../tools/model-text.ts';
import type { AgentTool, ToolCall, ToolCallResult } from '../tools/tool.ts';

// Tools in the run of a test. Name, schema and the check of arguments are the tool's own; what a call returns
// is scripted, and which result it gets follows from the journal alone, so a resumed run gets the same.

export interface TestedRun {
  readonly db: Pick<Database, 'query'>;
  readonly runId: string;
  readonly test: TestDefinition;
}

/** `mayBeReal`: the test may have calls made that it scripts no result for. */
export function testedTool(
  run: TestedRun,
  tool: AgentTool,
  { mayBeReal }: { readonly mayBeReal: boolean },
): AgentTool {
  const { agent, refusal, judge, questionOf, ...plain } = tool;
  const whyNot = whyNotReal(run.test, tool, mayBeReal);
  return {
    ...plain,
    // A scripted call may be repeated after a crash; one that is made keeps its own rule (I5).
    idempotent: whyNot === null ? tool.idempotent : true,
    ...(whyNot === null && judge !== undefined && { judge: (value) => judge.call(tool, value) }),
    requiresApproval: false,
    call: async (call) => {
      const scripted = await resultOf(run, call);
      if (scripted !== null) return answerOf(scripted);
      return whyNot === null ? await tool.call(call) : failed(whyNot);
    },
  };
}

/** Calls that were started, in their order. */
export function callsIn(
  entries: readonly JournalEntry[],
): { readonly step: number; readonly tool: string; readonly inputJson: string }[] {
  const calls = new Map<number, { step: number; tool: string; inputJson: string }>();
  for (const { type, state, step, data } of entries) {
    if (type !== 'tool' || state !== 'started' || calls.has(step)) continue;
    calls.set(step, { step, tool: data.name, inputJson: data.inputJson });
  }
  return [...calls.values()].toSorted((a, b) => a.step - b.step);
}

/** Its intent, and those of all calls before it, are in the journal when a call starts (I5). */
async function resultOf(run: TestedRun, call: ToolCall): Promise<ScriptedResult | null> {
  const calls = callsIn(await readJournal(run.db, run.runId));
  const at = calls.findIndex(({ step }) => stepId(run.runId, step) === call.key);
  return assignResults(run.test.tools.results, calls)[at] ?? null;
}

/** A skill's text is a part of the agent that is tested, as its instructions are: reading it needs no scripted result. */
export function readsAgentItself(toolName: string): boolean {
  return toolName === loadSkillName || toolName === readSkillFileName;
}

function whyNotReal(test: TestDefinition, tool: AgentTool, mayBeReal: boolean): string | null {
  if (readsAgentItself(tool.name)) return null;
  if (test.tools.others === 'refuse') {
    return `This is a test, and it gives no result for this call of "${tool.name}".`;
  }
  if (!mayBeReal || tool.agent !== undefined) {
    return `This is a test, in which "${tool.name}" is not called without a scripted result.`;
  }
  if (tool.requiresApproval) {
    return `This is a test: "${tool.name}" needs a person's approval, and is not called without a scripted result.`;
  }
  return tool.refusal ?? null;
}

function answerOf({ result, error }: ScriptedResult): ToolCallResult {
  if (error !== undefined) return failed(error);
  const outputJson = JSON.stringify(outputOf(result));
  return { ok: true, outputJson, modelText: headAndTail(outputJson), logs: null, runTimeMs: 0 };
}

function outputOf(result: unknown): unknown {
  if (result === undefined) return { message: 'done' };
  if (typeof result === 'string') return { message: result };
  const isWhole =
    typeof result === 'object' && result !== null && 'message' in result && !Array.isArray(result);
  return isWhole ? result : { message: 'done', rawData: result };
}

function failed(error: string): ToolCallResult {
  return { ok: false, error, modelText: `The tool failed: ${error}`, logs: null, runTimeMs: 0 };
}
