import type { EscalationDetails } from '../core/escalation.ts';
import type { GuardrailJudged, ModelDone } from '../core/journal.ts';
import { repairArguments } from '../models/repair-arguments.ts';
import type { Queryable } from '../store/connect.ts';
import { readLastWords } from '../store/escalations.ts';
import { listGapsOfRuns } from '../store/kb-gaps.ts';
import { finishToolName, readHandOver } from './finish.ts';

const nothing: EscalationDetails = {
  questionsForOperator: [],
  requestForAdditionalInfo: null,
  brokenGuardrails: [],
  unansweredQuestions: [],
};

/** What each of the runs said of its hand-over, in the order asked for. */
export async function readEscalationDetails(
  db: Queryable,
  runIds: readonly string[],
): Promise<readonly EscalationDetails[]> {
  if (runIds.length === 0) return [];
  const words = Map.groupBy(await readLastWords(db, runIds), ({ runId }) => runId);
  const gaps = Map.groupBy(await listGapsOfRuns(db, runIds), ({ runId }) => runId);
  return runIds.map((id) => ({
    ...(words.get(id) ?? []).reduce(withWords, nothing),
    unansweredQuestions: gaps.get(id) ?? [],
  }));
}

function withWords(
  details: EscalationDetails,
  { type, data }: { readonly type: string; readonly data: string },
): EscalationDetails {
  if (type === 'guardrail') {
    const { violations } = JSON.parse(data) as GuardrailJudged;
    return { ...details, brokenGuardrails: violations ?? [] };
  }
  const { toolCalls } = JSON.parse(data) as ModelDone;
  const finish = toolCalls.find(({ name }) => name === finishToolName);
  const given = finish === undefined ? null : repairArguments(finish.argumentsText);
  return given?.ok === true ? { ...details, ...readHandOver(given.value) } : details;
}
