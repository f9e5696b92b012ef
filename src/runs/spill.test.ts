import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { functionTool, insertAgent, startTestEngine } from '../../test/support/engine.ts';
import { insertRunRow } from '../../test/support/runs.ts';
import { callTurn, finishTurn } from '../../test/support/turns.ts';
import { newId } from '../core/ids.ts';
import type { ModelMessage } from '../core/model.ts';
import { createModelClient } from '../models/client.ts';
import type { ScriptInput } from '../models/script.ts';
import { readJournal } from '../store/journal.ts';
import { readSpill, sweepSpills, writeSpill } from '../store/spills.ts';
import { readOutputTool } from '../tools/read-output.ts';
import { stepsOf, toolTraceOf } from './steps.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const price = { input: 1, output: 1 };
const largeText = 'Grüße, “Welt”. '.repeat(10_000);

/** Runs a script to its end, and shows what each model call was sent. */
async function run(turns: (messages: readonly ModelMessage[]) => ScriptInput['turns']) {
  const { db } = database;
  const sent: { messages: readonly ModelMessage[]; tools: string[] }[] = [];
  const client = createModelClient({ scripts: {} });
  await using engine = await startTestEngine({
    db,
    models: {
      ...client,
      whyUnusable: () => null,
      whyIncomplete: () => null,
      call: (request) => {
        sent.push({ messages: request.messages, tools: request.tools.map(({ name }) => name) });
        const scripts = { test: { turns: turns(request.messages), price } };
        return createModelClient({ scripts }).call(request);
      },
    },
    tools: [functionTool('dump', async () => largeText)],
  });
  await engine.start();
  const { agentId } = await insertAgent(db);
  const id = await engine.dispatch(agentId);
  return { id, sent, run: await engine.ended(id), entries: await readJournal(db, id) };
}

function handleIn(messages: readonly ModelMessage[]): string {
  return /handle "(sp[0-9a-z]{30})"/.exec(messages.at(-1)?.text ?? '')?.[1] ?? '';
}

describe('an output over 64 KiB', () => {
  test('is kept apart; the model sees head, tail and a handle, and reads the rest', async () => {
    const outputJson = JSON.stringify({ message: 'ok', rawData: largeText });
    const {
      id,
      sent,
      run: ended,
      entries,
    } = await run((messages) => [
      callTurn('dump'),
      {
        answer: {
          tool_calls: [
            {
              name: 'read-output',
              arguments: { handle: handleIn(messages), offset: 100_000, length: 100 },
            },
          ],
        },
      },
      finishTurn(),
    ]);
    expect(ended).toMatchObject({ status: 'completed', error: null });
    expect(sent.map(({ tools }) => tools)).toEqual([
      ['dump', 'finish'],
      ['dump', 'read-output', 'finish'],
      ['dump', 'read-output', 'finish'],
    ]);
    const shown = sent[1]?.messages.at(-1)?.text ?? '';
    expect(shown.startsWith('{"message":"ok","rawData":"Grüße')).toBe(true);
    expect(shown.endsWith('Welt”. "}')).toBe(true);
    expect(shown.length).toBeLessThan(30_000);
    const dumped = entries.find((entry) => entry.type === 'tool' && entry.state === 'done');
    expect(JSON.stringify(dumped).length).toBeLessThan(40_000);

    const bytes = Buffer.from(outputJson);
    const [dump, read] = toolTraceOf(id, entries);
    expect(dump).toMatchObject({
      output: {
        truncated: true,
        size_bytes: bytes.length,
        output_id: handleIn(sent[1]?.messages ?? []),
      },
    });
    expect(read).toMatchObject({ name: 'read-output', error: null });
    const given = JSON.parse(sent[2]?.messages.at(-1)?.text ?? '').rawData;
    expect(bytes.toString('utf8', given.offset, given.next_offset)).toBe(given.text);
    expect(given.next_offset - given.offset).toBeGreaterThanOrEqual(97);
  });

  test('of the model itself is kept apart as well, and its response is whole', async () => {
    const { run: ended, entries, id } = await run(() => [{ answer: { text: largeText } }]);
    expect(ended.response).toBe(largeText);
    const [step] = stepsOf(id, entries);
    const output = step?.output as { output_id: string; size_bytes: number; text: string };
    expect(output).toMatchObject({ truncated: true, size_bytes: Buffer.byteLength(largeText) });
    const all = await readSpill(
      { db: database.db },
      {
        runId: id,
        id: output.output_id,
        offset: 0,
        length: 2_000_000,
      },
    );
    expect(all).toMatchObject({ text: largeText, nextOffset: null });
  });
});

describe('a spill', () => {
  async function spilled(text: string) {
    const agent = await insertAgent(database.db);
    const runId = await insertRunRow(database.db, { ...agent, owner: null });
    const id = newId('spill');
    await writeSpill({ db: database.db }, { runId, id, step: 1, text });
    return { runId, id };
  }

  test('is read in slices that never cut a character, and together are all of it', async () => {
    const text = `aé€😀\0\u{D800}"`.repeat(50);
    const spill = await spilled(text);
    for (const length of [1, 2, 3, 5, 100, 10_000]) {
      let read = '';
      for (let offset: number | null = 0; offset !== null; ) {
        const slice = await readSpill({ db: database.db }, { ...spill, offset, length });
        if (slice === null) throw new Error('no spill');
        expect(slice.text).not.toContain('\uFFFD');
        read += slice.text;
        offset = slice.nextOffset;
      }
      if (length >= 100) expect([length, read === text]).toEqual([length, true]);
    }
    const past = await readSpill({ db: database.db }, { ...spill, offset: 1_000_000, length: 10 });
    expect(past).toMatchObject({ text: '', nextOffset: null });
  });

  test('is read by its own run only', async () => {
    const { id } = await spilled('secret');
    const other = await spilled('own');
    const tool = readOutputTool({ db: database.db }, other.runId);
    const call = (handle: string) =>
      tool.call({
        inputJson: JSON.stringify({ handle }),
        key: 'k',
        signal: new AbortController().signal,
      });
    expect(await call(id)).toMatchObject({
      ok: false,
      error: expect.stringContaining(`has no output "${id}"`),
    });
    expect(await call(other.id)).toMatchObject({ ok: true });
  });

  test('full of characters that JSON escapes still fits into one answer', async () => {
    const spill = await spilled('\u0001'.repeat(100_000));
    const tool = readOutputTool({ db: database.db }, spill.runId);
    const result = await tool.call({
      inputJson: JSON.stringify({ handle: spill.id, offset: 10, length: 32_768 }),
      key: 'k',
      signal: new AbortController().signal,
    });
    if (!result.ok) throw new Error(result.error);
    expect(result.outputJson.length).toBeLessThan(65_536);
    const { offset, next_offset, text } = JSON.parse(result.outputJson).rawData;
    expect([offset, next_offset]).toEqual([10, 10 + text.length]);
  });

  test('that no entry names is swept after an hour, unless its run is driven', async () => {
    const { db } = database;
    const orphan = await spilled('nobody names it');
    const young = await spilled('just written');
    const driven = await spilled('may still be named');
    const { entries, id } = await run(() => [callTurn('dump'), finishTurn()]);
    const named = entries.flatMap((entry) =>
      entry.type === 'tool' && entry.state === 'done' ? [entry.data.spilled?.spillId ?? ''] : [],
    );
    await db.execute({
      text: `UPDATE runs SET owner = 'pr1', wake_at = NULL, status = 'running' WHERE id = $1`,
      values: [driven.runId],
    });
    await db.execute({
      text: `UPDATE spills SET created_at = created_at - interval '61 minutes' WHERE id <> $1`,
      values: [young.id],
    });
    expect(await sweepSpills(db)).toBeGreaterThanOrEqual(1);
    const exists = async (of: { runId: string; id: string }) =>
      (await readSpill({ db }, { ...of, offset: 0, length: 1 })) !== null;
    expect(await exists(orphan)).toBe(false);
    expect(await exists(young)).toBe(true);
    expect(await exists(driven)).toBe(true);
    expect(await exists({ runId: id, id: named[0] ?? '' })).toBe(true);
    expect(await sweepSpills(db)).toBe(0);
    await db.execute({ text: 'DELETE FROM runs WHERE id = $1', values: [id] });
    expect(await exists({ runId: id, id: named[0] ?? '' })).toBe(false);
  });
});
