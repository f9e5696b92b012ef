import { type ExtractAction, fillTemplate } from '../core/chain.ts';
import { isObject } from '../core/is-object.ts';
import type { JournalEntry } from '../core/journal.ts';
import type { ModelMessage } from '../core/model.ts';
import type { DrivenRun } from './driven-run.ts';
import { outputJsonSchema, outputProblems } from './finish.ts';

// A model fills the fields of an action of a chain: what it is asked, and whether its answer is taken.

const mostTries = 3;

type Answer = Extract<JournalEntry, { type: 'model'; state: 'done' }>;

export type Extraction =
  | {
      /** What the model was asked for the action, and answered. */
      readonly messages: readonly ModelMessage[];
      /** Null as long as no answer holds. */
      readonly answer: { readonly fields: unknown } | null;
    }
  | { readonly problem: string };

/** How far the journal is with an action. */
export async function extractionOf(
  { entries, spills }: DrivenRun,
  action: ExtractAction,
  values: unknown,
): Promise<Extraction> {
  const filled = fillTemplate(action.instructions, values);
  if (!filled.ok) return { problem: `the text of its instructions ${filled.problem}` };
  const schema = JSON.stringify(outputJsonSchema(action.fields));
  const asked = typeof filled.value === 'string' ? filled.value : JSON.stringify(filled.value);
  const text = `${asked}\n\nAnswer with JSON alone, of this schema: ${schema}`;
  const answers = entries.filter(
    (entry): entry is Answer =>
      entry.type === 'model' && entry.state === 'done' && entry.data.action === action.id,
  );
  const taken = answers.find(({ data }) => data.nudge === null);
  if (taken === undefined && answers.length >= mostTries) {
    const last = answers.at(-1)?.data.nudge ?? '';
    return { problem: `the model gave no valid answer in ${mostTries} tries. ${last}` };
  }
  const messages = answers.flatMap(({ data }): ModelMessage[] => [
    { role: 'assistant', text: data.text, toolCalls: [] },
    ...(data.nudge === null ? [] : [{ role: 'user' as const, text: data.nudge }]),
  ]);
  return {
    messages: [{ role: 'user', text }, ...messages],
    answer: taken === undefined ? null : { fields: JSON.parse(await textOf(spills, taken)) },
  };
}

async function textOf(spills: DrivenRun['spills'], { data }: Answer): Promise<string> {
  return data.spilled === undefined ? data.text : ((await spills.read(data.spilled)) ?? 'null');
}

/** What is wrong with a model's answer, in words that it can act on; null when it is taken. */
export function whyNotExtracted(action: ExtractAction, text: string): string | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'Your answer is no JSON. Answer with the JSON object alone.';
  }
  if (!isObject(value)) return 'Your answer is no JSON object. Answer with the JSON object alone.';
  const problems = outputProblems(action.fields, value);
  return problems.length === 0
    ? null
    : `Your answer was refused: ${problems.join('; ')}. Answer again with valid JSON.`;
}
