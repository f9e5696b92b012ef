import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { startServices } from '../../../test/support/egress.ts';
import { isOpenToAll } from '../../../test/support/machine.ts';
import {
  installedPackages,
  packagesCacheDir,
  packagesDataDir,
} from '../../../test/support/packages.ts';
import { openOrReason } from '../../../test/support/real-sandbox.ts';
import { requires } from '../../../test/support/requires.ts';
import { repositoryRoot } from '../../../test/support/source-tree.ts';
import type { ToolLanguage } from '../../core/custom-tool.ts';

const unreachable = await installedPackages();
const services = await startServices();
const options = { cacheDir: packagesCacheDir, maxCalls: 4, egress: services.egress };
const sandboxes = {
  jail: await openOrReason({ ...options, choice: 'jail' }),
  deno: await openOrReason({ ...options, choice: 'deno' }),
};
afterAll(async () => {
  for (const each of Object.values(sandboxes)) {
    if (typeof each !== 'string') await each[Symbol.asyncDispose]();
  }
  await services[Symbol.asyncDispose]();
});

/** What each package does, in one expression, and what comes of it. */
const python = {
  requests: [
    'import requests',
    ['requests.Request("GET", "http://a/", params={"x": 1}).prepare().url', 'http://a/?x=1'],
  ],
  httpx: ['import httpx', ['str(httpx.URL("http://a/").join("b"))', 'http://a/b']],
  'python-dateutil': [
    'import dateutil.parser',
    ['dateutil.parser.parse("1 May 2020").isoformat()', '2020-05-01T00:00:00'],
  ],
  pydantic: [
    'import pydantic\nclass M(pydantic.BaseModel):\n    n: int',
    ['M.model_validate({"n": "3"}).n', 3],
  ],
  beautifulsoup4: ['import bs4', ['bs4.BeautifulSoup("<b>hi", "lxml").b.text', 'hi']],
  lxml: ['from lxml import etree', ['etree.fromstring("<a><b/></a>").xpath("//b")[0].tag', 'b']],
  numpy: ['import numpy as np', ['(np.eye(300) @ np.eye(300)).sum().item()', 300]],
  pandas: [
    'import pandas as pd\nframe = pd.DataFrame({"k": ["a", "b", "a"], "n": [1, 2, 3]})',
    ['frame.groupby("k").n.sum().to_dict()', { a: 4, b: 2 }],
  ],
  openpyxl: [
    'import io, openpyxl\nbook, file = openpyxl.Workbook(), io.BytesIO()\nbook.active["A1"] = 7\nbook.save(file)',
    ['openpyxl.load_workbook(file).active["A1"].value', 7],
  ],
  pyyaml: ['import yaml', ['yaml.load("a: [1]", yaml.CSafeLoader)', { a: [1] }]],
  jinja2: ['import jinja2', ['jinja2.Template("{{ a }}!").render(a=1)', '1!']],
  cryptography: [
    'from cryptography.fernet import Fernet\nbox = Fernet(Fernet.generate_key())',
    ['box.decrypt(box.encrypt(b"x")).decode()', 'x'],
  ],
};

const javascript = {
  zod: ["import { z } from 'zod';", ["z.coerce.number().parse('3')", 3]],
  'date-fns': [
    "import { addDays } from 'date-fns/addDays';",
    ['addDays(new Date(0), 1).getTime()', 86_400_000],
  ],
  luxon: ["import { DateTime } from 'luxon';", ["DateTime.fromISO('2020-02-30').isValid", false]],
  lodash: ["import _ from 'lodash';", ['_.chunk([1, 2, 3], 2)', [[1, 2], [3]]]],
  cheerio: ["import * as cheerio from 'cheerio';", ["cheerio.load('<b>hi')('b').text()", 'hi']],
  papaparse: ["import Papa from 'papaparse';", ["Papa.parse('a,b').data", [['a', 'b']]]],
  'csv-parse': ["import { parse } from 'csv-parse/sync';", ["parse('a,b')", [['a', 'b']]]],
  exceljs: [
    "import ExcelJS from 'exceljs';\nconst book = new ExcelJS.Workbook();\nbook.addWorksheet('a').addRow([7]);\nconst file = await book.xlsx.writeBuffer();\nconst again = new ExcelJS.Workbook();\nawait again.xlsx.load(file);",
    ["again.getWorksheet('a').getCell('A1').value", 7],
  ],
  uuid: ["import { v4, validate } from 'uuid';", ['validate(v4())', true]],
  yaml: ["import YAML from 'yaml';", ["YAML.parse('a: [1]')", { a: [1] }]],
  jose: [
    "import * as jose from 'jose';\nconst key = new TextEncoder().encode('k'.repeat(32));\nconst token = await new jose.SignJWT({ a: 1 }).setProtectedHeader({ alg: 'HS256' }).sign(key);",
    ['(await jose.jwtVerify(token, key)).payload', { a: 1 }],
  ],
};

function toolOf(language: ToolLanguage, [setup, [expression]]: Sample): string {
  return language === 'python'
    ? `${setup}\ndef main():\n    return {"message": "", "rawData": ${expression}}\n`
    : `${setup}\nexport async function main() {\n  return { message: '', rawData: ${expression} };\n}\n`;
}

/** Code before `main`, an expression that it returns, and what that is. */
type Sample = readonly [setup: string, returned: readonly [expression: string, value: unknown]];
const samples = { python, javascript } as unknown as Record<ToolLanguage, Record<string, Sample>>;

for (const [backend, sandbox] of Object.entries(sandboxes)) {
  const reason = unreachable ?? (typeof sandbox === 'string' ? `no ${backend}: ${sandbox}` : null);
  describe(`packages in ${backend}`, requires(reason === null, reason ?? ''), () => {
    if (typeof sandbox === 'string') return;
    const languages: ToolLanguage[] =
      backend === 'jail' ? ['python', 'javascript'] : ['javascript'];
    for (const language of languages) {
      test.each(Object.entries(samples[language]))(
        `${language}: %s does what it is for, alone and with a network, in little memory`,
        async (name, sample) => {
          const code = toolOf(language, sample);
          const { problems, packages } = await sandbox.check(language, code);
          expect({ problems, packages }).toEqual({ problems: [], packages: [name] });
          for (const network of [[], ['api.test']]) {
            const outcome = await sandbox.run({
              language,
              code,
              packages,
              network,
              parametersJson: '{}',
              timeoutMs: 20_000,
              memoryMb: 128,
              key: 'k',
            });
            expect(outcome.ok ? JSON.parse(outcome.resultJson).rawData : outcome.error).toEqual(
              sample[1][1],
            );
          }
        },
      );

      test(`${language}: the list of the lock is what was tried here`, () => {
        const runtime = sandbox.runtimes().find((each) => each.language === language);
        const names = runtime?.packages.list.map(({ name }) => name);
        expect(names?.toSorted()).toEqual(Object.keys(samples[language]).toSorted());
        expect(runtime?.packages).toMatchObject({ areInstalled: true, unavailable: null });
      });
    }

    test('cannot be written to, nor anything beside them', async () => {
      const code = `
const fs = require('node:fs');
const folder = require.resolve('zod').replace(/zod.*/, '');
export async function main() {
  const tried = ['zod/package.json', 'new'].map((name) => {
    try { fs.writeFileSync(folder + name, 'x'); return 'written'; } catch (error) { return 'refused'; }
  });
  return { message: '', rawData: tried };
}`;
      const call = { parametersJson: '{}', timeoutMs: 20_000, memoryMb: 128, key: 'k' };
      const outcome = await sandbox.run({
        ...call,
        language: 'javascript',
        code,
        packages: ['zod'],
      });
      expect(outcome.ok ? JSON.parse(outcome.resultJson).rawData : outcome.error).toEqual([
        'refused',
        'refused',
      ]);
    });

    test('that there are not are named with those that there are', async () => {
      const code = "import x from 'left-pad';\nexport async function main() { return {}; }";
      const { problems } = await sandbox.check('javascript', code);
      expect(problems).toEqual([
        { line: 1, message: expect.stringMatching(/`left-pad` is neither.*cheerio, .*zod/) },
      ]);
      const late = await sandbox.run({
        language: 'javascript',
        code: 'async function main() { return require(["left", "pad"].join("-")); }',
        parametersJson: '{}',
        timeoutMs: 20_000,
        memoryMb: 128,
        key: 'k',
      });
      expect(late).toMatchObject({
        ok: false,
        error: expect.stringMatching(/`left-pad` is neither.*cheerio, .*zod/),
      });
    });
  });
}

const isRoot = process.getuid?.() === 0;
test('work for an ordinary user, who may only read them', {
  timeout: 60_000,
  ...requires(
    unreachable === null && isRoot && isOpenToAll() && typeof sandboxes.jail !== 'string',
    unreachable ?? 'needs root, a jail, and a repository that everybody can read',
  ),
}, async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(repositoryRoot, 'src/main.ts'), 'runtimes', 'install', '--check'],
    {
      uid: 65_534,
      gid: 65_534,
      cwd: '/',
      env: {
        SIGNALBOX_DATA_DIR: packagesDataDir,
        SIGNALBOX_SANDBOX: 'jail',
        PATH: process.env.PATH,
      },
    },
  );
  expect(stdout).toMatch(/^ok {4}python: installed: .*\nok {4}javascript: installed: .*\n$/);
});

test(
  'Deno’s Python says that it has none, and what does',
  requires(typeof sandboxes.deno !== 'string', 'no deno'),
  async () => {
    if (typeof sandboxes.deno === 'string') return;
    const { problems } = await sandboxes.deno.check(
      'python',
      'import pandas\ndef main():\n    return {}',
    );
    expect(problems).toMatchObject([{ line: 1, message: expect.stringMatching(/Use the jail/) }]);
    await expect(sandboxes.deno.installPackages('python')).rejects.toThrow(/Use the jail/);
    const call = { parametersJson: '{}', timeoutMs: 20_000, memoryMb: 128, key: 'k' };
    const code = 'def main():\n    return {"message": ""}';
    expect(
      await sandboxes.deno.run({ ...call, language: 'python', code, packages: ['pandas'] }),
    ).toMatchObject({
      ok: false,
      failure: 'unprepared',
      error: expect.stringMatching(/pandas.*jail/),
    });
  },
);
