import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type ServedApi, serveApi } from '../../src/api/serve.ts';
import { addToken, createTestApi, type TestApi } from '../support/api.ts';
import { code, type Filled, fillOthers, fillWorkspace } from '../support/filled-workspace.ts';
import { type CliResult, runCli } from '../support/run-cli.ts';

let api: TestApi;
let served: ServedApi;

beforeAll(async () => {
  api = await createTestApi();
  served = await serveApi({ deps: api.deps, host: '127.0.0.1', port: 0 });
}, 60_000);
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

interface Place extends Filled {
  readonly token: string;
  readonly cli: (args: readonly string[], env?: Record<string, string>) => Promise<CliResult>;
}

/** A workspace of its own, and somebody with a token for it. */
async function newWorkspace(): Promise<Place> {
  const made = await api.request('POST', '/v1/workspaces', {
    token: api.tokens.admin,
    body: { name: 'A workspace' },
  });
  const workspaceId: string = made.json.data.id;
  const token = await addToken(api.deps, { access: 'write', workspaceIds: [workspaceId] });
  return {
    workspaceId,
    token,
    cli: (args, env = {}) =>
      runCli(args, { env: { SIGNALBOX_URL: served.url, SIGNALBOX_TOKEN: token, ...env } }),
    call: async (method, path, body) => {
      const answer = await api.request(method, path, { token, ...(body && { body }) });
      if (answer.status > 299) throw new Error(`${method} ${path}: ${answer.text}`);
      return answer.json.data;
    },
  };
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-files-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Path → content, without what is of the checkout alone. */
function contentOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => !path.startsWith('.signalbox') && statSync(join(folder, path)).isFile())
    .toSorted();
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

function edit(folder: string, file: string, change: (text: string) => string): void {
  const path = join(folder, file);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}

const fill = (place: Place) => fillWorkspace(api, place);

const secret = { SIGNALBOX_SECRET_ORDER_DESK_U_NI_CODE_1_IN: 'another secret' };

describe('agents as files', () => {
  test('an export applied to an empty workspace gives the same export again, byte for byte', async () => {
    const [first, second] = [await newWorkspace(), await newWorkspace()];
    await fill(first);
    const [one, two] = [newFolder(), newFolder()];
    expect((await first.cli(['pull', one])).code).toBe(0);
    const files = contentOf(one);
    expect(Object.keys(files)).toEqual([
      'agents/helper/agent.yaml',
      'agents/helper/instructions.md',
      'agents/order-desk-u-ni-code-1/agent.yaml',
      'agents/order-desk-u-ni-code-1/instructions.md',
      'agents/order-desk-u-ni-code-1/tests/same-slug-2.yaml',
      'agents/order-desk-u-ni-code-1/tests/same-slug.yaml',
      'channels/front.yaml',
      'knowledge/codes.txt',
      'knowledge/codes.yaml',
      'knowledge/house-rules.yaml',
      'knowledge/house-rules/empty.yaml',
      'knowledge/house-rules/quiet-hours.md',
      'knowledge/house-rules/quiet-hours.yaml',
      'models/careful.yaml',
      'models/spare.yaml',
      'skills/greeting.yaml',
      'skills/greeting/SKILL.md',
      'skills/greeting/scripts/greet.py',
      'skills/greeting/seal.bin',
      'tools/add-up/tool.js',
      'tools/add-up/tool.yaml',
      'tools/get-order/tool.py',
      'tools/get-order/tool.yaml',
    ]);
    expect(files['tools/get-order/tool.py']).toBe(code);
    expect(files['agents/order-desk-u-ni-code-1/agent.yaml']).toContain('  - agent:Helper\n');
    const all = Object.values(files).join('\n');
    expect(all).toContain('12345678901234567890');
    expect(all).not.toMatch(/webhook secret|\/hooks\/|\b(ag|ks|it|mo|ch)[0-9a-z]{30}/);
    expect(statSync(join(one, 'skills/greeting/scripts/greet.py')).mode & 0o100).toBe(0o100);

    const dry = await second.cli(['apply', one, '--dry-run'], secret);
    expect(dry.stdout).toContain('14 to write');
    expect(await second.call('GET', '/v1/agents')).toEqual([]);
    const applied = await second.cli(['apply', one], secret);
    expect(applied).toMatchObject({ code: 0, stderr: '' });
    expect((await second.cli(['pull', two])).code).toBe(0);
    expect(contentOf(two)).toEqual(files);
    expect(statSync(join(two, 'skills/greeting/scripts/greet.py')).mode & 0o100).toBe(0o100);

    // Nothing is left to do, whoever asks, and nothing is written anew.
    const before = await second.call('GET', '/v1/agents');
    expect((await second.cli(['apply', two])).stdout).toContain('0 written');
    expect((await second.cli(['apply', one])).stdout).toContain('0 written');
    expect(await second.call('GET', '/v1/agents')).toEqual(before);
    expect((await second.cli(['diff', one, '--exit-code'])).code).toBe(0);
    expect((await second.cli(['pull', one])).stdout).toContain('Nothing to bring');
    expect(contentOf(one)).toEqual(files);
  });

  test('a chain names the agents that it calls, also one that is made after it', async () => {
    const [first, second] = [await newWorkspace(), await newWorkspace()];
    const add = ({ workspaceId, call }: Place, fields: object) =>
      call('POST', '/v1/agents', {
        ...{ workspace_id: workspaceId, description: 'One.', instructions: 'Go.', ...fields },
      });
    const later = await add(first, { name: 'Later' });
    const tool = `agent:${later.id}`;
    const actions = [
      { id: 'ask', type: 'tool', tool, input: { task: 'Look.' } },
      { id: 'end', type: 'respond', response: '{{actions.ask.response}}' },
    ];
    await add(first, { name: 'Early', tools: [tool], actions });
    const folder = newFolder();
    await first.cli(['pull', folder]);
    expect(contentOf(folder)['agents/early/agent.yaml']).toContain('tool: agent:Later\n');
    expect(await second.cli(['apply', folder])).toMatchObject({ code: 0, stderr: '' });
    const made = await second.call('GET', '/v1/agents');
    const of = (name: string) => made.find((agent: { name: string }) => agent.name === name);
    expect(of('Early').actions).toMatchObject([{ tool: `agent:${of('Later').id}` }, actions[1]]);
    expect((await second.cli(['diff', folder, '--exit-code'])).code).toBe(0);
  });

  test('a missing secret of a new webhook is asked for by the name of its variable', async () => {
    const [first, second] = [await newWorkspace(), await newWorkspace()];
    await fill(first);
    const folder = newFolder();
    await first.cli(['pull', folder]);
    const { code: exit, stderr } = await second.cli(['apply', folder]);
    expect(exit).toBe(1);
    expect(stderr).toContain('set SIGNALBOX_SECRET_ORDER_DESK_U_NI_CODE_1_IN');
  });

  test('edits of two people to one field are a conflict that names it, and neither is lost', async () => {
    const place = await newWorkspace();
    await fill(place);
    const [ada, bob] = [newFolder(), newFolder()];
    await place.cli(['pull', ada]);
    await place.cli(['pull', bob]);
    const file = 'agents/helper/instructions.md';
    edit(ada, file, () => 'Help quickly.\n');
    edit(bob, file, () => 'Help slowly.\n');
    edit(bob, 'agents/helper/agent.yaml', (text) =>
      text.replace('description: Helps.', 'description: Helps a lot.'),
    );
    expect((await place.cli(['apply', ada])).code).toBe(0);

    const refused = await place.cli(['apply', bob]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('agent Helper: instructions. Nothing was written.');
    expect(refused.stdout).toContain('instructions (changed on both sides)');
    expect(refused.stdout).toContain('- Help quickly.');
    expect(refused.stdout).toContain('+ Help slowly.');
    expect((await place.cli(['pull', bob])).code).toBe(1);
    const [helper] = await place.call('GET', '/v1/agents');
    expect(helper).toMatchObject({ instructions: 'Help quickly.', description: 'Helps.' });
    expect(readFileSync(join(bob, file), 'utf8')).toBe('Help slowly.\n');

    // Having brought the two together, he writes both.
    edit(bob, file, () => 'Help quickly.\n');
    expect((await place.cli(['apply', bob])).code).toBe(0);
    const [now] = await place.call('GET', '/v1/agents');
    expect(now).toMatchObject({ instructions: 'Help quickly.', description: 'Helps a lot.' });

    // Hers is only behind: applying keeps his change, pulling brings it.
    edit(ada, 'agents/helper/agent.yaml', (text) =>
      text.replace('enabled: false', 'enabled: true'),
    );
    expect((await place.cli(['apply', ada])).code).toBe(0);
    const [then] = await place.call('GET', '/v1/agents');
    expect(then).toMatchObject({ description: 'Helps a lot.', enabled: true });
    expect((await place.cli(['pull', ada])).stdout).toContain('written agent Helper');
    expect(contentOf(ada)['agents/helper/agent.yaml']).toContain('Helps a lot.');
  });

  test('edits of two people to files of one skill go together, and to one file are a conflict', async () => {
    const place = await newWorkspace();
    await fillOthers({ workspace_id: place.workspaceId, call: place.call });
    const [ada, bob] = [newFolder(), newFolder()];
    await place.cli(['pull', ada]);
    await place.cli(['pull', bob]);
    edit(ada, 'skills/greeting/SKILL.md', (text) => `${text} Twice.`);
    edit(ada, 'knowledge/codes.txt', () => 'Of Ada.');
    expect((await place.cli(['apply', ada])).stdout).toContain('2 written');
    rmSync(join(bob, 'skills/greeting/seal.bin'));
    mkdirSync(join(bob, 'skills/greeting/notes'));
    writeFileSync(join(bob, 'skills/greeting/notes/new.md'), 'New.');
    expect((await place.cli(['apply', bob])).stdout).toContain('1 written');
    const [skill] = await place.call('GET', '/v1/skills');
    const files = await place.call('GET', `/v1/skills/${skill.id}/files`);
    expect(files.map(({ path }: { path: string }) => path)).toEqual([
      'SKILL.md',
      'notes/new.md',
      'scripts/greet.py',
    ]);
    expect(files[0].content).toContain('Greet. Twice.');

    edit(bob, 'skills/greeting/SKILL.md', (text) => `${text} Never.`);
    edit(bob, 'knowledge/codes.txt', () => 'Of Bob.');
    const refused = await place.cli(['apply', bob]);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain('skill greeting: file SKILL.md');
    expect(refused.stderr).toContain('knowledge Codes: body');
    expect(refused.stdout).toMatch(/\+ Of Bob\.\s+- Of Ada\./);
    expect((await place.cli(['pull', ada])).stdout).toContain('written skill greeting');
    expect(Object.keys(contentOf(ada)).filter((path) => path.startsWith('skills/'))).toEqual([
      'skills/greeting.yaml',
      'skills/greeting/SKILL.md',
      'skills/greeting/notes/new.md',
      'skills/greeting/scripts/greet.py',
    ]);
  });

  test('prune leaves alone what the folder has no place for, and what others keep in step', async () => {
    const place = await newWorkspace();
    await fillOthers({ workspace_id: place.workspaceId, call: place.call });
    const [folder, other] = [newFolder(), newFolder()];
    for (const text of ['name: A model\nprovider: openai\nmodel: gpt-5-mini\n']) {
      mkdirSync(join(other, 'models'));
      writeFileSync(join(other, 'models/a.yaml'), text.replace('A model', 'third'));
    }
    const kept = await place.cli(['apply', other, '--prune', '--without', 'model']);
    expect(kept.stderr).toContain('holds no');
    await place.cli(['apply', other, '--prune', '--overwrite']);
    expect(await place.call('GET', '/v1/models')).toMatchObject([{ name: 'third' }]);
    expect(await place.call('GET', '/v1/skills')).toHaveLength(1);

    await place.cli(['pull', folder]);
    rmSync(join(folder, 'knowledge'), { recursive: true });
    rmSync(join(folder, 'skills'), { recursive: true });
    expect((await place.cli(['apply', folder, '--prune'])).code).toBe(0);
    expect(await place.call('GET', '/v1/skills')).toEqual([]);
    const query = `workspace_id=${place.workspaceId}`;
    const left = await place.call('POST', `/v1/kb/nodes/search?${query}`, {});
    expect(left).toMatchObject([{ title: 'Synced' }]);
  });

  test('a folder without a record of its base overwrites nothing unless it is told to', async () => {
    const place = await newWorkspace();
    await fill(place);
    const folder = newFolder();
    await place.cli(['pull', folder]);
    rmSync(join(folder, '.signalbox'), { recursive: true });
    edit(folder, 'agents/helper/instructions.md', () => 'From git.\n');
    expect((await place.cli(['apply', folder])).code).toBe(1);
    expect((await place.cli(['apply', folder, '--overwrite'])).code).toBe(0);
    const [helper] = await place.call('GET', '/v1/agents');
    expect(helper.instructions).toBe('From git.');
  });

  test('prune deletes what the folder does not have, unless it changed on the server', async () => {
    const place = await newWorkspace();
    await fill(place);
    const folder = newFolder();
    await place.cli(['pull', folder]);
    const tests = 'agents/order-desk-u-ni-code-1/tests';
    rmSync(join(folder, 'agents/helper'), { recursive: true });
    rmSync(join(folder, tests), { recursive: true });
    edit(folder, 'agents/order-desk-u-ni-code-1/agent.yaml', (text) =>
      text.replace('  - agent:Helper\n', ''),
    );
    expect((await place.cli(['apply', folder])).stdout).toContain('--prune deletes it');
    const [helper] = await place.call('GET', '/v1/agents');
    await place.call('PATCH', `/v1/agents/${helper.id}`, { description: 'Changed.' });
    const refused = await place.cli(['apply', folder, '--prune']);
    expect(refused.stderr).toContain('agent Helper (was deleted here and changed on the server)');
    expect(await place.call('GET', '/v1/tests')).toHaveLength(2);
    expect((await place.cli(['apply', folder, '--prune', '--overwrite'])).code).toBe(0);
    expect(await place.call('GET', '/v1/tests')).toEqual([]);
    expect(await place.call('GET', '/v1/agents')).toHaveLength(1);
  });

  test('hand-written files may be short, and keep their comments while nothing in them changes', async () => {
    const place = await newWorkspace();
    await fill(place);
    const folder = newFolder();
    await place.cli(['pull', folder]);
    edit(folder, 'agents/helper/agent.yaml', (text) => `# Ours.\n${text}`);
    expect((await place.cli(['pull', folder])).code).toBe(0);
    expect(contentOf(folder)['agents/helper/agent.yaml']).toMatch(/^# Ours\.\n/);
    edit(folder, 'agents/helper/agent.yaml', () => 'name: Helper\ndescription: Short.\n');
    expect((await place.cli(['apply', folder])).stdout).toContain('1 written');
    edit(folder, 'agents/helper/agent.yaml', () => 'name: [Helper\n');
    const broken = await place.cli(['apply', folder]);
    expect(broken.code).toBe(1);
    expect(broken.stderr).toMatch(/helper\/agent\.yaml is not YAML/);
    const empty = await place.cli(['apply', newFolder()]);
    expect(empty.stderr).toContain('holds no agents and no tools');
  });
});
