import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildDocs, placeOf, readPages, readSections } from '../../scripts/docs.js';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { isOnPath } from '../support/machine.ts';
import { requires } from '../support/requires.ts';
import {
  type ServerProcess,
  startServerProcess,
  testAdminToken,
} from '../support/server-process.ts';
import { repositoryRoot } from '../support/source-tree.ts';
import { readPage } from './snippets.ts';

const pages: ReadonlyMap<string, string> = readPages(repositoryRoot);
/** Those for users; reports and decisions have commands of the repository. */
const guides = [...pages].filter(([name]) => !/^(decisions|proofs|bench)\/|^index$/.test(name));
const index = pages.get('index') ?? '';
const folder = mkdtempSync(join(tmpdir(), 'signalbox-docs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the documentation', () => {
  test('has every guide in its index', () => {
    const linked = readSections(index).flatMap(({ links }) => links.map(({ name }) => name));
    expect(linked).toEqual([...new Set(linked)]);
    for (const [name] of guides) expect(linked).toContain(name);
  });

  test('is built with every page as HTML and Markdown, and no link that leads nowhere', () => {
    buildDocs({ root: repositoryRoot, target: folder });
    const read = (path: string) => readFileSync(join(folder, path), 'utf8');
    for (const [name, text] of pages) {
      expect(read(`docs/${name}.md`)).toBe(text);
      const html = read(`docs/${name}.html`);
      expect(html).toContain('<main id="main"><h1');
      for (const [, page = '', , hash] of html.matchAll(/href="\/docs\/?([^"#]*)(#([^"]+))?"/g)) {
        if (/^assets\/|\.md$/.test(page)) continue;
        const target = read(`docs/${page === '' ? 'index' : page}.html`);
        if (hash !== undefined)
          expect([name, target]).toEqual([name, expect.stringContaining(`id="${hash}"`)]);
      }
      // The policy allows neither.
      expect(html).not.toMatch(/<script>|<[^>]+ (style|on(click|load|error))=/);
    }
    expect(read('llms.txt')).toMatch(/^# Signalbox\n/);
    expect(read('docs/reference.html')).toContain('swagger-ui-bundle.js');
  });

  test('names every setting of the server', () => {
    const source = readFileSync(join(repositoryRoot, 'src', 'env-variables.ts'), 'utf8');
    const settings = [...source.matchAll(/^ {2}([A-Z][A-Z0-9_]+): optional\(/gm)].map(
      ([, name]) => name,
    );
    expect(settings.length).toBeGreaterThan(40);
    const readme = readFileSync(join(repositoryRoot, 'README.md'), 'utf8');
    const said = [readme, ...guides.map(([, text]) => text)].join('\n');
    expect(settings.filter((name) => !said.includes(`${name}`))).toEqual([]);
  });

  test('refuses a link to what is no page', () => {
    expect(placeOf('webhooks', 'containers.md#why', pages)).toBe('/docs/containers#why');
    expect(placeOf('coverage/index', '../../src/api/matrix.test.ts', pages)).toBe(null);
    expect(() => placeOf('webhooks', 'nothing.md', pages)).toThrow(/no page/);
  });

  test.each(guides.map(([name]) => name))(
    '%s has no block that is neither run nor explained',
    (name) => {
      const page = readPage(pages.get(name) ?? '');
      expect(page.faults).toEqual([]);
      for (const text of page.json) expect(() => JSON.parse(text)).not.toThrow();
    },
  );
});

const missing = ['bash', 'curl'].filter((program) => !isOnPath(program));

describe('commands of the guides', requires(missing.length === 0, `no ${missing.join()}`), () => {
  let database: TestDatabase;
  let server: ServerProcess;
  const bin = join(folder, 'bin');
  // Most of a command's time is the reading of its sources.
  const compiled = { NODE_COMPILE_CACHE: join(folder, 'compiled') };
  beforeAll(async () => {
    database = await createTestDatabase();
    const scripts = join(folder, 'scripts');
    for (const path of [bin, scripts]) mkdirSync(path, { recursive: true });
    const finish = { name: 'finish', arguments: { disposition: 'resolved', response: 'Done.' } };
    const price = { input: 1, output: 2 };
    const script = { price, turns: [{ answer: { tool_calls: [finish] } }] };
    writeFileSync(join(scripts, 'docs.json'), JSON.stringify(script));
    const shim = `#!/bin/sh\nexec "${process.execPath}" "${join(repositoryRoot, 'src', 'main.ts')}" "$@"\n`;
    writeFileSync(join(bin, 'signalbox'), shim);
    chmodSync(join(bin, 'signalbox'), 0o755);
    server = await startServerProcess({
      dataDir: folder,
      env: {
        ...compiled,
        DATABASE_URL: database.url,
        SIGNALBOX_SECRET_KEY: 'a secret key of a test, 32 and more',
        SIGNALBOX_SCRIPTS_DIR: scripts,
        SIGNALBOX_DEFAULT_MODEL: 'scripted/docs',
      },
    });
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  const withCommands = guides.filter(([, text]) => readPage(text).script !== '');
  test.each(withCommands.map(([name]) => name))(
    '%s does what it says',
    async (name) => {
      const { script, files } = readPage(pages.get(name) ?? '');
      const cwd = join(folder, 'pages', name);
      mkdirSync(cwd, { recursive: true });
      for (const [file, text] of files) {
        mkdirSync(dirname(join(cwd, file)), { recursive: true });
        writeFileSync(join(cwd, file), text);
      }
      const run = promisify(execFile)('bash', ['--norc', '-xeuo', 'pipefail', '-c', script], {
        cwd,
        timeout: 100_000,
        env: {
          ...compiled,
          PATH: `${bin}:${dirname(process.execPath)}:${process.env.PATH}`,
          HOME: cwd,
          SIGNALBOX_URL: server.url,
          SIGNALBOX_TOKEN: testAdminToken,
        },
      });
      await expect(run).resolves.toBeDefined();
    },
    120_000,
  );
});
