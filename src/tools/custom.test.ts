import { describe, expect, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { createNotedSandbox } from '../../test/support/sandbox.ts';
import { createWorkspace } from '../store/workspaces.ts';
import { createCustomTool } from './custom-tools.ts';
import { headAndTail, modelTextLimitBytes } from './model-text.ts';
import { createToolShelf } from './tool-shelf.ts';

const signal = new AbortController().signal;

describe('what the model reads of a call', () => {
  async function callWith(outcome: ReturnType<typeof createNotedSandbox>['outcome']) {
    await using database = await createTestDatabase();
    const { db } = database;
    const sandbox = createNotedSandbox();
    sandbox.outcome = outcome;
    const workspaceId = (await createWorkspace(db, { name: 'A', rateLimit: null })).id;
    await createCustomTool({ db, sandbox }, 'all', {
      workspace_id: workspaceId,
      name: 'tool',
      language: 'python',
      code: 'c',
      enable_globally: true,
    });
    const shelf = createToolShelf(db, sandbox);
    const [tool] = await shelf.toolsFor({ workspaceId, definition: { tools: null } });
    if (tool === undefined) throw new Error('The tool is not there.');
    return tool.call({ inputJson: '{}', key: 'k', signal });
  }
  const rest = { logs: null, runTimeMs: 1 };

  test('is the returned text, long numbers and all', async () => {
    const resultJson = '{"message":"m","rawData":{"id":12345678901234567890}}';
    const result = await callWith({ ok: true, message: 'm', resultJson, ...rest });
    expect(result).toEqual({ ok: true, outputJson: resultJson, modelText: resultJson, ...rest });
  });

  test('is message and rawData alone', async () => {
    const resultJson = '{"debug":"x","rawData":[1],"message":"m"}';
    const result = await callWith({ ok: true, message: 'm', resultJson, ...rest });
    expect(result).toMatchObject({
      outputJson: resultJson,
      modelText: '{"message":"m","rawData":[1]}',
    });
  });

  test('is head and tail of a long one, kept whole beside it', async () => {
    const resultJson = JSON.stringify({ message: 'é'.repeat(100_000) });
    const result = await callWith({ ok: true, message: '', resultJson, ...rest });
    expect(result).toMatchObject({ ok: true, outputJson: resultJson });
    expect(Buffer.byteLength(result.modelText)).toBeLessThanOrEqual(modelTextLimitBytes);
    expect(result.modelText).toMatch(
      /^\{"message":"é+\n\[… \d+ of 200014 bytes left out here; .*\]\né+"\}$/,
    );
  });

  test('is the reason of a failure', async () => {
    const result = await callWith({
      ok: false,
      failure: 'timeout',
      error: 'Took over 30 s.',
      ...rest,
    });
    expect(result).toEqual({
      ok: false,
      error: 'Took over 30 s.',
      modelText: 'The tool failed: Took over 30 s.',
      ...rest,
    });
  });

  test('is never cut within a character', () => {
    for (let limit = 200; limit < 240; limit++) {
      const short = headAndTail('😀é'.repeat(1_000), limit);
      expect(short).not.toContain('\uFFFD');
      expect(Buffer.byteLength(short)).toBeLessThanOrEqual(limit);
    }
  });
});
