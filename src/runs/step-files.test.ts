import { expect, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { functionTool, insertAgent, startTestEngine } from '../../test/support/engine.ts';
import { callTurn, finishTurn } from '../../test/support/turns.ts';
import type { ModelMessage } from '../core/model.ts';
import { createModelClient } from '../models/client.ts';
import { readJournal } from '../store/journal.ts';

const small = Buffer.from('a small picture').toString('base64');
const large = Buffer.alloc(90_000, 7).toString('base64');

test('images in the payload and in results of tools are shown, kept apart where they are large, and in no text', async () => {
  await using database = await createTestDatabase();
  const { db } = database;
  const script = { turns: [callTurn('camera', 'scanner', 'clock'), finishTurn()] };
  const client = createModelClient({ scripts: { test: script } });
  const asked: (readonly ModelMessage[])[] = [];
  await using engine = await startTestEngine({
    db,
    models: {
      ...client,
      call: async (request) => {
        asked.push(request.messages);
        return await client.call(request);
      },
    },
    tools: [
      functionTool('camera', async () => ({ mime_type: 'image/png', data: small, name: 'c.png' })),
      functionTool('scanner', async () => ({ mime_type: 'image/jpeg', data: large })),
      functionTool('clock', async () => ({ at: 12 })),
    ],
  });
  await engine.start();
  const { agentId } = await insertAgent(db);
  const payload = { photo: { media_type: 'image/webp', data: small } };
  const json = JSON.stringify(payload);
  const run = await engine.ended(await engine.dispatch(agentId, json));
  expect(run).toMatchObject({ status: 'completed' });

  const [opening, second] = asked;
  expect(opening?.at(-1)).toMatchObject({
    role: 'user',
    text: expect.stringContaining('"photo":{"media_type":"image/webp","data":"[shown as file 1]"}'),
    files: [{ name: null, mediaType: 'image/webp', data: small }],
  });
  // After all results of the round, once.
  expect(second?.slice(-4).map(({ role }) => role)).toEqual(['tool', 'tool', 'tool', 'user']);
  expect(second?.at(-1)).toMatchObject({
    text: expect.stringMatching(/They are data/),
    files: [
      { name: 'c.png', mediaType: 'image/png', data: small },
      { name: null, mediaType: 'image/jpeg', data: large },
    ],
  });
  for (const { text } of second ?? []) expect(text).not.toMatch(new RegExp(`${small}|BwcHBwcH`));

  const ends = (await readJournal(db, run.id)).flatMap((entry) =>
    entry.type === 'tool' && entry.state === 'done' ? [entry.data] : [],
  );
  expect(
    ends.map(({ name, fileCount, spilled }) => [name, fileCount, spilled !== undefined]),
  ).toEqual(
    expect.arrayContaining([
      ['camera', 1, false],
      ['scanner', 1, true],
      ['clock', undefined, false],
    ]),
  );
});
