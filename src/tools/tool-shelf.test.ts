import { describe, expect, test, vi } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { createNotedSandbox } from '../../test/support/sandbox.ts';
import type { Statement } from '../store/connect.ts';
import { createWorkspace } from '../store/workspaces.ts';
import { createCustomTool, deleteCustomTool, patchCustomTool } from './custom-tools.ts';
import { createToolShelf } from './tool-shelf.ts';

const signal = new AbortController().signal;

describe('a tool shelf', () => {
  test('gives the globally enabled tools and those named, of this workspace', async () => {
    await using database = await createTestDatabase();
    const { db } = database;
    const sandbox = createNotedSandbox();
    const [mine, other] = [
      (await createWorkspace(db, { name: 'A', rateLimit: null })).id,
      (await createWorkspace(db, { name: 'B', rateLimit: null })).id,
    ];
    const create = (workspace_id: string, name: string, enable_globally: boolean) =>
      createCustomTool({ db, sandbox }, 'all', {
        workspace_id,
        name,
        language: 'javascript',
        code: 'c',
        enable_globally,
        idempotent: true,
        parameters: { id: { type: 'string', required: true } },
      });
    const [global, named] = [
      await create(mine, 'global', true),
      await create(mine, 'named', false),
      await create(mine, 'unnamed', false),
      await create(other, 'foreign', true),
    ];
    const shelf = createToolShelf(db, sandbox);
    const toolsOf = (tools: string[] | null) =>
      shelf.toolsFor({ workspaceId: mine, definition: { tools } });
    expect((await toolsOf(null)).map((tool) => tool.toolId)).toEqual([global.id]);
    const both = await toolsOf(['named', 'foreign', 'gone']);
    expect(both.map((tool) => tool.toolId)).toEqual([global.id, named.id]);
    expect(both[1]).toMatchObject({
      name: 'named',
      version: 1,
      idempotent: true,
      requiresApproval: false,
      inputSchema: {
        type: 'object',
        properties: { id: { type: 'string' } },
        required: ['id'],
        additionalProperties: false,
      },
    });
    expect(both[1]?.check({ x: 1 })).toEqual({
      ok: false,
      problem:
        'The arguments do not fit: x is not known; known are id; id is required: give a string.',
    });
    await both[1]?.call({ inputJson: '{"id":"1"}', key: 'ar1:4', signal });
    expect(sandbox.calls).toEqual([
      expect.objectContaining({ parametersJson: '{"id":"1"}', key: 'ar1:4', signal }),
    ]);
  });

  test('gives a tool as it is now, and reads it again only when it has changed', async () => {
    await using database = await createTestDatabase();
    const sandbox = createNotedSandbox();
    const reads: string[] = [];
    const db = {
      ...database.db,
      query: <Row>(statement: Statement | string) => {
        if (typeof statement !== 'string') reads.push(statement.name ?? '');
        return database.db.query<Row>(statement);
      },
    };
    const deps = { db: database.db, sandbox };
    const { workspaceId, toolId } = await insertTool(deps);
    const shelf = createToolShelf(db, sandbox);
    const versions = async () =>
      (await shelf.toolsFor({ workspaceId, definition: { tools: null } })).map(
        (tool) => tool.version,
      );
    expect([await versions(), await versions()]).toEqual([[1], [1]]);
    expect(reads).toEqual(['list_tool_marks', 'read_marked_tools', 'list_tool_marks']);
    await patchCustomTool(deps, 'all', toolId, { code: 'two' });
    expect(await versions()).toEqual([2]);
    const { definition } = pinnedTo(toolId, 1);
    const pinned = () => shelf.toolsFor({ workspaceId, definition });
    reads.length = 0;
    expect([await pinned(), await pinned()]).toMatchObject([[{ version: 1 }], [{ version: 1 }]]);
    expect(reads).toEqual(['list_tool_marks', 'get_tool_version', 'list_tool_marks']);
    await deleteCustomTool(database.db, 'all', toolId);
    expect(await versions()).toEqual([]);
  });

  test('asks once for a run that it foresaw, and again where that failed or was forgotten', async () => {
    await using database = await createTestDatabase();
    const sandbox = createNotedSandbox();
    let asked = 0;
    let isOut = false;
    const db = {
      ...database.db,
      query: async <Row>(statement: Statement | string) => {
        if (typeof statement !== 'string' && statement.name === 'list_tool_marks') asked += 1;
        if (isOut) throw new Error('The database is out.');
        return await database.db.query<Row>(statement);
      },
    };
    const { workspaceId, toolId } = await insertTool({ db: database.db, sandbox });
    const shelf = createToolShelf(db, sandbox);
    const agent = { workspaceId, definition: { tools: null } };
    const of = async (run: string) => (await shelf.toolsFor(agent, run)).map((tool) => tool.toolId);

    shelf.foresee({ id: 'foreseen', workspaceId });
    expect(await of('foreseen')).toEqual([toolId]);
    expect(asked).toBe(1);
    expect(await of('foreseen')).toEqual([toolId]);
    expect(asked).toBe(2);

    isOut = true;
    shelf.foresee({ id: 'failed', workspaceId });
    await vi.waitFor(() => expect(asked).toBe(3));
    isOut = false;
    expect(await of('failed')).toEqual([toolId]);

    shelf.foresee({ id: 'forgotten', workspaceId });
    await vi.waitFor(() => expect(asked).toBe(5));
    shelf.forget('forgotten');
    shelf.foresee({ id: 'late', workspaceId });
    await vi.waitFor(() => expect(asked).toBe(6));
    await deleteCustomTool(database.db, 'all', toolId);
    expect(await of('forgotten')).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await of('late')).toEqual([]);
  });

  test('gives no tool that was taken away between the reading of the marks and that of the tools', async () => {
    await using database = await createTestDatabase();
    const { db } = database;
    const sandbox = createNotedSandbox();
    const { workspaceId, toolId } = await insertTool({ db, sandbox });
    const shelf = createToolShelf(
      {
        ...db,
        query: async <Row>(statement: Statement | string) => {
          const rows = await db.query<Row>(statement);
          const isMarks = typeof statement !== 'string' && statement.name === 'list_tool_marks';
          if (isMarks && rows.length > 0) await deleteCustomTool(db, 'all', toolId);
          return rows;
        },
      },
      sandbox,
    );
    expect(await shelf.toolsFor({ workspaceId, definition: { tools: null } })).toEqual([]);
  });
});

/** A globally enabled tool, alone in a workspace of its own. */
async function insertTool(deps: Parameters<typeof createCustomTool>[0]) {
  const workspaceId = (await createWorkspace(deps.db, { name: 'A', rateLimit: null })).id;
  const { id: toolId } = await createCustomTool(deps, 'all', {
    workspace_id: workspaceId,
    name: 'tool',
    language: 'python',
    code: 'one',
    enable_globally: true,
  });
  return { workspaceId, toolId };
}

function pinnedTo(toolId: string, version: number) {
  const pin = { version, description: '', parameters: {}, packages: [] };
  return { definition: { tools: null, tool_pins: { [toolId]: pin } } };
}
