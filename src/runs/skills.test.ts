import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import {
  functionTool,
  insertAgent,
  mortalDatabase,
  startTestEngine,
} from '../../test/support/engine.ts';
import { requires } from '../../test/support/requires.ts';
import { callTurn, finishTurn } from '../../test/support/turns.ts';
import type { ModelClient } from '../core/model.ts';
import type { Skill } from '../core/skill.ts';
import { createModelClient } from '../models/client.ts';
import type { ScriptInput } from '../models/script.ts';
import { createSandbox } from '../sandbox/create-sandbox.ts';
import { noSandbox } from '../sandbox/no-sandbox.ts';
import { probeSandbox } from '../sandbox/probe-sandbox.ts';
import { writeSkillMd } from '../skills/skill-md.ts';
import { type SkillToolDeps, skillTools } from '../skills/skill-tools.ts';
import { createSkill, patchSkill, plainExtras } from '../skills/skills.ts';
import type { Database } from '../store/connect.ts';
import { readJournal } from '../store/journal.ts';
import { toolTraceOf } from './steps.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const toolCall = (name: string, args: Record<string, unknown> = {}) => ({
  answer: { tool_calls: [{ name, arguments: args }] },
});

async function addSkill(
  workspaceId: string,
  name: string,
  more: {
    readonly allowedTools?: readonly string[] | null;
    readonly enabled?: boolean;
    readonly files?: Readonly<Record<string, string>>;
  } = {},
): Promise<Skill> {
  const { allowedTools = null, enabled = true, files = {} } = more;
  const md = { name, description: `Use ${name} always.`, allowedTools, body: `Body of ${name}.` };
  const all = { 'SKILL.md': writeSkillMd(null, md), ...files };
  return await createSkill(database, {
    ...plainExtras,
    ...{ scope: 'all', workspaceId, enabled },
    files: Object.entries(all).map(([path, content]) => ({
      ...{ path, content: Buffer.from(content), isExecutable: false },
    })),
  });
}

const notNeeded = noSandbox('no script is run here');

/** A server with these skills' tools, whose model plays the turns and is watched. */
async function startEngine(
  turns: ScriptInput['turns'],
  given: {
    readonly db?: Database;
    readonly sandbox?: SkillToolDeps['sandbox'];
    readonly processName?: string;
    readonly onLookup?: () => Promise<unknown>;
  } = {},
) {
  const { db = database.db, sandbox = notNeeded } = given;
  const asked: Parameters<ModelClient['call']>[0][] = [];
  const models = createModelClient({ scripts: { test: { turns } } });
  const call: ModelClient['call'] = (request) => {
    asked.push(request);
    return models.call(request);
  };
  const engine = await startTestEngine({
    db,
    models: { ...models, call },
    tools: [
      functionTool('lookup', given.onLookup ?? (async () => 'found'), { idempotent: true }),
      functionTool('refund', async () => 'paid'),
    ],
    toolsOfContext: (context) => skillTools({ db, sandbox }, context?.skills ?? []),
    ...(given.processName === undefined ? {} : { processName: given.processName }),
  });
  await engine.start();
  return { engine, asked };
}

async function traceOf(id: string) {
  return toolTraceOf(id, await readJournal(database.db, id));
}

describe('a run of an agent with skills', () => {
  test('is shown names and descriptions, and loads a body when it needs it', async () => {
    const { workspaceId, agentId: _ } = await insertAgent(database.db);
    const skill = await addSkill(workspaceId, 'refunds', { files: { 'rates.md': 'Half.' } });
    const off = await addSkill(workspaceId, 'switched-off', { enabled: false });
    const { agentId } = await insertAgent(
      database.db,
      { skill_ids: [skill.id, off.id] },
      workspaceId,
    );
    const turns = [
      {
        ...toolCall('load_skill', { name: 'refunds' }),
        expect: { contains: ['- refunds: Use refunds always.'], tools: ['load_skill'] },
      },
      {
        ...toolCall('read_skill_file', { skill: 'refunds', path: './rates.md' }),
        expect: { contains: ['Body of refunds.', '- rates.md'] },
      },
      { ...toolCall('load_skill', { name: 'switched-off' }), expect: { contains: ['Half.'] } },
      finishTurn(),
    ];
    const { engine, asked } = await startEngine(turns);
    await using _engine = engine;
    const id = await engine.dispatch(agentId);
    expect(await engine.ended(id)).toMatchObject({ status: 'completed' });
    const [opening] = asked[0]?.messages ?? [];
    expect(opening?.text).not.toContain('switched-off');
    expect(opening?.text).not.toContain('Body of refunds.');
    const trace = await traceOf(id);
    expect(trace.map(({ name, status }) => [name, status])).toEqual([
      ['open_context', 'done'],
      ['load_skill', 'done'],
      ['read_skill_file', 'done'],
      ['load_skill', 'failed'],
    ]);
    expect(JSON.parse(JSON.stringify(trace[0]))).toMatchObject({ name: 'open_context' });
    const entries = await readJournal(database.db, id);
    const loaded = entries.find(
      (entry) =>
        entry.type === 'tool' && entry.data.name === 'load_skill' && entry.state === 'done',
    );
    expect(loaded?.data).toMatchObject({
      skill: { id: skill.id, name: 'refunds', version: 1, allowedTools: null },
    });
  });

  test('can call what a loaded skill allows and nothing else, until another one allows more', async () => {
    const { workspaceId } = await insertAgent(database.db);
    const skills = [
      await addSkill(workspaceId, 'look-only', { allowedTools: ['lookup', 'Bash(git:*)'] }),
      await addSkill(workspaceId, 'free'),
      await addSkill(workspaceId, 'paying', { allowedTools: ['refund'] }),
    ];
    const { agentId } = await insertAgent(
      database.db,
      { skill_ids: skills.map(({ id }) => id) },
      workspaceId,
    );
    const turns = [
      { ...callTurn('refund'), expect: { tools: ['lookup', 'refund'] } },
      toolCall('read_skill_file', { skill: 'look-only', path: 'SKILL.md' }),
      callTurn('refund'),
      { ...callTurn('lookup'), expect: { contains: ['look-only is in force'] } },
      toolCall('load_skill', { name: 'free' }),
      callTurn('refund'),
      toolCall('load_skill', { name: 'paying' }),
      callTurn('refund'),
      finishTurn(),
    ];
    const { engine, asked } = await startEngine(turns);
    await using _engine = engine;
    const id = await engine.dispatch(agentId);
    await engine.ended(id);
    expect((await traceOf(id)).slice(1).map(({ name, status }) => [name, status])).toEqual([
      ['refund', 'done'],
      ['read_skill_file', 'done'],
      ['refund', 'failed'],
      ['lookup', 'done'],
      ['load_skill', 'done'],
      ['refund', 'failed'],
      ['load_skill', 'done'],
      ['refund', 'done'],
    ]);
    const offered = (turn: number) => asked[turn]?.tools.map(({ name }) => name);
    expect(offered(0)).toContain('refund');
    expect(offered(2)).not.toContain('refund');
    expect(offered(2)).toEqual(
      expect.arrayContaining(['lookup', 'load_skill', 'read_skill_file', 'finish']),
    );
    expect(offered(7)).toContain('refund');
  });

  test('keeps its versions and what they allow when another process goes on with it', async () => {
    const { db } = database;
    const { workspaceId } = await insertAgent(db);
    const skill = await addSkill(workspaceId, 'look-only', { allowedTools: ['lookup'] });
    const { agentId } = await insertAgent(db, { skill_ids: [skill.id] }, workspaceId);
    const turns = [
      toolCall('load_skill', { name: 'look-only' }),
      callTurn('lookup'),
      callTurn('refund'),
      { ...toolCall('load_skill', { name: 'look-only' }), expect: { contains: ['in force'] } },
      { ...finishTurn(), expect: { contains: ['Body of look-only.'] } },
    ];
    const processName = `skills ${agentId}`;
    const mortal = mortalDatabase(db);
    const looking = Promise.withResolvers<void>();
    const first = await startEngine(turns, {
      ...{ db: mortal.db, processName },
      onLookup: () => {
        looking.resolve();
        return new Promise(() => {});
      },
    });
    const id = await first.engine.dispatch(agentId);
    await looking.promise;
    await mortal.kill();
    const key = { scope: 'all', id: skill.id } as const;
    await patchSkill(database, key, { allowedTools: null, body: 'Changed.', enabled: false });
    const { engine, asked } = await startEngine(turns, { processName });
    await using _engine = engine;
    expect(await engine.ended(id)).toMatchObject({ status: 'completed' });
    expect((await traceOf(id)).map(({ name, status }) => [name, status])).toEqual([
      ['open_context', 'done'],
      ['load_skill', 'done'],
      ['lookup', 'done'],
      ['refund', 'failed'],
      ['load_skill', 'done'],
    ]);
    expect(asked[0]?.tools.map(({ name }) => name)).not.toContain('refund');
    expect(asked[0]?.messages[0]).toEqual(first.asked[0]?.messages[0]);
  });
});

const [jail] = await probeSandbox(['jail']);

describe(
  'a script of a skill',
  requires(jail?.usable === true, 'the jail does not work here'),
  () => {
    test('runs in the jail among the files of its skill, and gives what it prints', {
      timeout: 60_000,
    }, async () => {
      await using resources = new AsyncDisposableStack();
      const cacheDir = await mkdtemp(join(tmpdir(), 'signalbox-test-'));
      resources.defer(() => rm(cacheDir, { recursive: true }));
      const sandbox = resources.use(await createSandbox({ choice: 'jail', cacheDir }));
      const { workspaceId } = await insertAgent(database.db);
      const files = {
        'scripts/sum.py': `import json, sys, os
from helper import double
rates = json.load(open("data/rates.json"))
print(double(rates["a"]) + int(sys.argv[1]) + int(sys.stdin.read()))
print(os.path.exists("/etc/shadow") or "HOME" in os.environ, file=sys.stderr)
sys.exit(3)
`,
        'scripts/helper.py': 'def double(n):\n    return n * 2\n',
        'scripts/net.py': 'import socket\nsocket.create_connection(("127.0.0.1", 1), 1)\n',
        'scripts/sum.mjs': `import { readFileSync } from 'node:fs';
import { double } from './double.mjs';
const { a } = JSON.parse(readFileSync('data/rates.json', 'utf8'));
let given = '';
for await (const chunk of process.stdin) given += chunk;
console.log(double(a) + Number(process.argv[2]) + Number(given));
process.exit(3);
`,
        'scripts/double.mjs': 'export const double = (n) => n * 2;\n',
        'data/rates.json': '{"a": 20}',
        'scripts/run.sh': 'echo hello',
      };
      const skill = await addSkill(workspaceId, 'sums', { files, allowedTools: [] });
      const { agentId } = await insertAgent(database.db, { skill_ids: [skill.id] }, workspaceId);
      const script = (path: string) =>
        toolCall('run_skill_script', { skill: 'sums', path, args: ['1'], stdin: '1' });
      const turns = [
        script('scripts/sum.py'),
        script('scripts/sum.mjs'),
        script('scripts/net.py'),
        script('scripts/run.sh'),
        callTurn('lookup'),
        finishTurn(),
      ];
      const { engine } = await startEngine(turns, { sandbox });
      await using _engine = engine;
      const id = await engine.dispatch(agentId);
      await engine.ended(id);
      const trace = JSON.parse(JSON.stringify(await traceOf(id))) as { error: string | null }[];
      const entries = await readJournal(database.db, id);
      const outputs = entries.flatMap((entry) =>
        entry.type === 'tool' && entry.state === 'done' && entry.data.name === 'run_skill_script'
          ? [JSON.parse(entry.data.outputJson ?? '{}').rawData]
          : [],
      );
      expect(outputs).toEqual([
        { exit_code: 3, stdout: '42\n', stderr: 'False\n' },
        { exit_code: 3, stdout: '42\n', stderr: '' },
        { exit_code: 1, stdout: '', stderr: expect.stringContaining('Error') },
      ]);
      expect(trace.map(({ error }) => error).slice(4)).toEqual([
        expect.stringContaining('.py, .js, .mjs and .cjs'),
        expect.stringContaining('allows no tools'),
      ]);
    });
  },
);
