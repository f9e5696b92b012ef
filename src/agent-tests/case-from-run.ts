import type { ExpectedCall, ScriptedResult, TestDefinition } from '../core/agent-test.ts';
import { ApiError } from '../core/errors.ts';
import type { JournalEntry } from '../core/journal.ts';
import { requirePayload } from '../core/retention.ts';
import { isTerminal, type Run } from '../core/run.ts';
import { callsIn } from '../runs/test-tools.ts';
import { readJournal } from '../store/journal.ts';
import { readSpill, type SpillStorage } from '../store/spills.ts';
import { plainCase } from './test-cases.ts';
import { testMaxima } from './test-input.ts';

type ToolEntry = Extract<JournalEntry, { type: 'tool' }>;

const largestResultBytes = 256 * 1024;

/**
 * A case out of what a run did: its payload, its tools answering as they did then, and the expectation that it
 * comes to the same disposition by the same calls. Throws `conflict` when the run has not ended.
 */
export async function caseFromRun(
  storage: SpillStorage,
  run: Run,
): Promise<{ readonly name: string; readonly definition: TestDefinition }> {
  if (!isTerminal(run.status)) {
    throw new ApiError('conflict', `Run ${run.id} has not ended. A case is made of what it did.`);
  }
  requirePayload(run.payloadJson, `run ${run.id}`);
  const journal = await readJournal(storage.db, run.id);
  const calls = callsIn(journal);
  if (calls.length > testMaxima.results) {
    throw new ApiError(
      'unprocessable',
      `Run ${run.id} made ${calls.length} calls of tools; a case holds ${testMaxima.results}.`,
    );
  }
  const results = await Promise.all(
    calls.map((call) => resultOf(storage, run.id, { call, journal })),
  );
  const called = new Map<string, ExpectedCall>();
  for (const { tool } of calls) called.set(tool, { tool });
  return {
    name: `From ${run.runId}`,
    definition: {
      ...plainCase,
      payloadJson: run.payloadJson,
      entity_id: run.entityId,
      additional_instructions: run.additionalInstructions,
      tools: { others: 'refuse', results },
      expect: {
        status: run.status === 'completed' ? 'completed' : 'failed',
        ...(run.disposition !== null && { disposition: [run.disposition] }),
        ...(called.size > 0 && { tools_called: [...called.values()] }),
      },
    },
  };
}

async function resultOf(
  storage: SpillStorage,
  runId: string,
  of: {
    readonly call: { readonly step: number; readonly tool: string; readonly inputJson: string };
    readonly journal: readonly JournalEntry[];
  },
): Promise<ScriptedResult> {
  const { step, tool, inputJson } = of.call;
  const end = of.journal.findLast(
    (entry): entry is ToolEntry =>
      entry.type === 'tool' && entry.step === step && entry.state !== 'started',
  );
  const given = { tool, arguments: JSON.parse(inputJson) as Record<string, unknown>, times: 1 };
  if (end === undefined || !('outputJson' in end.data)) {
    return { ...given, error: 'The call did not end.' };
  }
  const { outputJson, spilled, error, modelText } = end.data;
  if (outputJson !== null) return { ...given, result: JSON.parse(outputJson) as unknown };
  if (spilled === undefined) return { ...given, error: error ?? modelText };
  if (spilled.sizeBytes > largestResultBytes) {
    throw new ApiError(
      'unprocessable',
      `"${tool}" returned ${spilled.sizeBytes} bytes in this run; a case holds ${largestResultBytes} of a result. Create the case with a shorter result of your own.`,
    );
  }
  const whole = { runId, id: spilled.spillId, offset: 0, length: spilled.sizeBytes };
  const slice = await readSpill(storage, whole);
  return { ...given, result: JSON.parse(slice?.text ?? 'null') as unknown };
}
