import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { insertAgent, startTestEngine } from '../../test/support/engine.ts';
import { insertRunRow } from '../../test/support/runs.ts';
import { finishTurn } from '../../test/support/turns.ts';
import type { AgentDefinition } from '../core/agent.ts';
import { newId } from '../core/ids.ts';
import type { ScriptInput } from '../models/script.ts';
import { readJournal } from '../store/journal.ts';
import { readVerdict } from './guardrails.ts';
import { stepsOf } from './steps.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const guardrails = [{ id: 'gr1', title: 'No refunds', knowledge: 'Promise none.' }];
const usage = { input_tokens: 10, output_tokens: 5 };
const price = { input: 1_000_000, output: 1_000_000 };
const says = (response: string) => ({ answer: { ...finishTurn({ response }).answer, usage } });
const verdict = (...broken: string[]) => ({
  answer: {
    text: JSON.stringify({
      violations: broken.map((guardrail) => ({ guardrail, why: 'It promises one.' })),
    }),
    usage,
  },
});

/** The end of a run whose reply somebody reads, and its steps. */
async function replying(
  script: Pick<ScriptInput, 'turns' | 'guardrails'>,
  given: { readonly definition?: Partial<AgentDefinition>; readonly isHeard?: boolean } = {},
) {
  const { db } = database;
  const of = await insertAgent(db, { guardrails, ...given.definition });
  const id = await db.transaction(async (tx) => {
    const runId = await insertRunRow(tx, { ...of, owner: null });
    const conversationId = given.isHeard === false ? null : newId('conversation');
    await tx.execute({
      text: 'UPDATE runs SET conversation_id = $2 WHERE id = $1',
      values: [runId, conversationId],
    });
    return runId;
  });
  await using engine = await startTestEngine({ db, scripts: { test: { ...script, price } } });
  await engine.start();
  const run = await engine.ended(id);
  const journal = await readJournal(db, id);
  return { run, journal, steps: stepsOf(id, journal) };
}

describe('a reply to somebody', () => {
  test('goes out when it breaks no guardrail, and the verdict is a step that is paid for', async () => {
    const { run, steps } = await replying({
      turns: [says('We look into it.')],
      guardrails: [verdict()],
    });
    expect(run).toMatchObject({ status: 'completed', response: 'We look into it.', costUsd: 30 });
    expect(run.inputTokens).toBe(20);
    expect(steps.map(({ type, status }) => `${type} ${status}`)).toEqual([
      'model done',
      'guardrail done',
    ]);
    expect(steps[1]).toMatchObject({
      input: { reply: 'We look into it.' },
      output: { verdict: 'passed', violations: [] },
      usage: { inputTokens: 10, outputTokens: 5 },
      costUsd: 15,
    });
  });

  test('is mended once when it breaks one, however it was given', async () => {
    for (const bad of [says('You get it back.'), { answer: { text: 'You get it back.', usage } }]) {
      const { run, steps } = await replying({
        turns: [
          bad,
          { expect: { contains: ['No refunds', 'It promises one.'] }, ...says('We cannot say.') },
        ],
        guardrails: [verdict('gr1'), verdict()],
      });
      expect(run).toMatchObject({ disposition: 'resolved', response: 'We cannot say.' });
      expect(steps.filter(({ type }) => type === 'guardrail')).toMatchObject([
        { output: { verdict: 'violated', violations: [{ id: 'gr1', title: 'No refunds' }] } },
        { output: { verdict: 'passed' } },
      ]);
    }
  });

  test('never leaves when it breaks one again: the run is escalated, and says which', async () => {
    const { run, journal } = await replying({
      turns: [says('You get it back.'), says('You really get it back.')],
      guardrails: [verdict('gr1'), verdict('gr1')],
    });
    expect(run).toMatchObject({
      status: 'completed',
      disposition: 'escalated',
      dispositionReason: 'guardrail_violated',
      response: null,
      outputJson: null,
      reflection: expect.stringContaining('“No refunds” (It promises one.)'),
    });
    expect(JSON.stringify(journal.at(-1))).not.toContain('get it back');
  });

  test('never leaves when its verdict cannot be read', async () => {
    for (const text of ['It is fine.', '{"violations":"none"}', '', '{"violations":[{}]}']) {
      const { run } = await replying({
        turns: [says('You get it back.')],
        guardrails: [{ answer: { text } }],
      });
      expect(run).toMatchObject({
        disposition: 'escalated',
        dispositionReason: 'guardrails_not_judged',
        response: null,
      });
    }
  });

  test('fails the run when nobody can judge it', async () => {
    const { run } = await replying({
      turns: [says('You get it back.')],
      guardrails: [{ answer: { error: { kind: 'bad_request', message: 'No.' } } }],
    });
    expect(run).toMatchObject({ status: 'failed', response: null });
  });

  test('is not judged without guardrails, in one pass, or when nobody reads it', async () => {
    for (const given of [
      { definition: { guardrails: [] } },
      { definition: { responseflow: false } },
      { isHeard: false },
    ]) {
      const { run, steps } = await replying({ turns: [says('Hello.')] }, given);
      expect(run.response).toBe('Hello.');
      expect(steps).toHaveLength(1);
    }
    const silent = await replying({ turns: [finishTurn({ disposition: 'no_op' })] });
    expect(silent.steps).toHaveLength(1);
  });
});

test('a verdict is read out of the words around it, and unknown rules count', () => {
  expect(readVerdict(guardrails, 'Here: ```json\n{"violations": []}\n```')).toEqual([]);
  expect(readVerdict(guardrails, '{"violations":[{"guardrail":"gr9","why":"x"}]}')).toEqual([
    { id: 'gr9', title: 'gr9', why: 'x' },
  ]);
});
