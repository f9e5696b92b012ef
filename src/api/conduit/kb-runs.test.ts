import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { createApiObjects } from '../../../test/support/api-objects.ts';
import { insertAgent, startTestEngine } from '../../../test/support/engine.ts';
import { type RunningIndexer, startIndexer } from '../../../test/support/knowledge.ts';
import { insertRunRow } from '../../../test/support/runs.ts';
import { finishTurn } from '../../../test/support/turns.ts';
import { citationOf } from '../../core/knowledge.ts';
import { askKnowledge } from '../../knowledge/ask.ts';
import type { ScriptInput } from '../../models/script.ts';
import { searchKnowledgeTool } from '../../tools/search-knowledge.ts';

// Knowledge in runs: found and cited, or missed, handed over and learned.

let api: TestApi;
let indexing: RunningIndexer;
beforeAll(async () => {
  api = await createTestApi();
  const { db, logger } = api.deps;
  indexing = startIndexer({ db, logger });
});
afterAll(async () => {
  await indexing[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

const post = (path: string, body: object) => api.request('POST', path, { body });
const make = async (body: object) => (await post('/v1/kb/nodes', body)).json.data;
const settled = () => indexing.indexer.settled();

describe('the tool', () => {
  const toolOf = (
    run: { id: string; workspace_id: string; agent_id: string },
    entityId: string | null,
  ) =>
    searchKnowledgeTool(askKnowledge(api.deps.knowledge), {
      ...{ id: run.id, workspaceId: run.workspace_id, agentId: run.agent_id },
      ...{ entityId, dryRun: false },
    });
  const call = async (tool: ReturnType<typeof toolOf>, query: string, key = query) => {
    const signal = AbortSignal.timeout(20_000);
    const result = await tool.call({ inputJson: JSON.stringify({ query }), key, signal });
    if (!result.ok) throw new Error(result.error);
    return JSON.parse(result.outputJson);
  };

  test('finds passages to cite, of what it is about and of the whole workspace only', async () => {
    const own = await createApiObjects(api, api.workspace.id);
    const run = (await api.request('GET', `/v1/runs/${own.run}`)).json.data;
    const dogs = { title: 'Dogs', body: 'Dogs are welcome in this house.' };
    await make({ ...dogs, entity_ids: ['house-7'] });
    await make({ ...dogs, title: 'Other dogs', entity_ids: ['house-8'] });
    await settled();
    const found = await call(toolOf(run, 'house-7'), 'Are dogs welcome?');
    expect(found.rawData.found).toBe(true);
    expect(found.rawData.results.map(({ title }: { title: string }) => title)).toEqual(['Dogs']);
    expect(found.rawData.results[0]).toMatchObject({
      ...{ cite: expect.stringMatching(/^\[kc:[0-9a-z]{6}\]$/), text: dogs.body, node_version: 1 },
    });
  });

  test('that finds nothing is told so, and its question becomes knowledge by a person’s answer', async () => {
    const own = await createApiObjects(api, api.workspace.id);
    const run = (await api.request('GET', `/v1/runs/${own.run}`)).json.data;
    const query = 'Is falconry permitted upon the battlements?';
    const tool = toolOf(run, 'house-7');
    const nothing = await call(tool, query);
    expect(nothing.message).toMatch(/^No (clear )?answer found in the knowledge base/);
    expect(nothing.rawData.found).toBe(false);
    await call(tool, query);
    const gaps = async (answered: boolean) =>
      (await api.request('GET', `/v1/kb/gaps?run_id=${run.run_id}&answered=${answered}`)).json.data;
    expect(await gaps(false)).toMatchObject([{ query, run_id: run.id, node_id: null }]);
    const answer = 'Falconry is permitted on Sundays.';
    const unsent = await post('/v1/kb/nodes/from-run', { run_id: run.run_id });
    expect(unsent.json.error).toMatch(/answer is required: nobody has replied/);
    const made = await post('/v1/kb/nodes/from-run', { run_id: run.run_id, answer });
    expect([made.status, made.json.data]).toMatchObject([
      201,
      { title: query, source: 'run', body: `**Question:** ${query}\n\n${answer}` },
    ]);
    expect(await gaps(false)).toEqual([]);
    expect(await gaps(true)).toMatchObject([{ node_id: made.json.data.id }]);
    expect(
      (await post('/v1/kb/nodes/from-run', { run_id: run.id, answer, question: 'x' })).status,
    ).toBe(409);
    await settled();
    expect((await call(tool, query, 'again')).rawData.found).toBe(true);
    const other = await createApiObjects(api, api.otherWorkspace.id);
    const foreign = { run_id: other.run, answer, question: 'x' };
    expect((await post('/v1/kb/nodes/from-run', foreign)).status).toBe(404);
    const silent = await createApiObjects(api, api.workspace.id);
    const unasked = await post('/v1/kb/nodes/from-run', { run_id: silent.run, answer });
    expect(unasked.json.error).toMatch(/question is required/);
  });
});

describe('a run', () => {
  const query = 'May guests bring a parrot to the lighthouse?';
  const searchTurn = {
    answer: { tool_calls: [{ name: 'search_knowledge', arguments: { query } }] },
  };

  async function run(turns: ScriptInput['turns']) {
    const { db } = api.deps;
    const definition = { tools: ['search_knowledge'], cite_sources: true };
    const of = await insertAgent(db, definition, api.workspace.id);
    const id = await db.transaction((tx) => insertRunRow(tx, { ...of, owner: null }));
    const port = askKnowledge(api.deps.knowledge);
    await using engine = await startTestEngine({
      db,
      scripts: { test: { turns } },
      ownToolsFor: (about) => [searchKnowledgeTool(port, about)],
    });
    await engine.start();
    await engine.ended(id);
    return (await api.request('GET', `/v1/runs/${id}`)).json.data;
  }

  test('that finds no answer hands over; the answer becomes a node, and the next run cites it', async () => {
    const asked = await run([
      searchTurn,
      {
        expect: { contains: ['No answer found in the knowledge base', 'escalate to a person'] },
        answer: finishTurn({ disposition: 'escalated', reason: 'unknown' }).answer,
      },
    ]);
    expect(asked.disposition).toBe('escalated');
    const listed = await api.request('GET', `/v1/escalations?agent_id=${asked.agent_id}`);
    const [escalation] = listed.json.data;
    expect(escalation.unanswered_questions).toEqual([
      { id: expect.any(String), query, node_id: null },
    ]);
    const answer = 'A parrot is welcome in the lighthouse when it is quiet.';
    const given = { run_id: escalation.agent_run_id, answer, title: 'Parrots' };
    const node = (await post('/v1/kb/nodes/from-run', given)).json.data;
    const after = await api.request('GET', `/v1/escalations/${escalation.id}`);
    expect(after.json.data.unanswered_questions).toMatchObject([{ query, node_id: node.id }]);
    await settled();

    const [passage] = (await post('/v1/kb/search', { query })).json.data;
    expect(passage.node_id).toBe(node.id);
    const mark = citationOf(passage.chunk_id);
    const response = `Yes, if it is quiet ${mark}. Owls too [kc:000000].`;
    const told = await run([
      searchTurn,
      { expect: { contains: [mark, answer] }, answer: finishTurn({ response }).answer },
    ]);
    expect(told.response).toBe('Yes, if it is quiet [1]. Owls too.\n\nSources:\n[1] Parrots');
    expect(told.tool_trace[0]).toMatchObject({
      name: 'search_knowledge',
      output: {
        rawData: {
          found: true,
          results: [{ cite: mark, node_id: node.id, node_version: 1, chunk_id: passage.chunk_id }],
        },
      },
    });
  });
});
