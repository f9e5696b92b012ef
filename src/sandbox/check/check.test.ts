import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { ToolLanguage } from '../../core/custom-tool.ts';
import { createSandbox } from '../create-sandbox.ts';

const cacheDir = await mkdtemp(join(tmpdir(), 'signalbox-check-'));
const sandbox = await createSandbox({ choice: 'auto', cacheDir });
afterAll(async () => {
  await sandbox[Symbol.asyncDispose]();
  await rm(cacheDir, { recursive: true });
});

const valid: readonly (readonly [ToolLanguage, string])[] = [
  ['javascript', 'async function main() { return { message: "" }; }'],
  ['javascript', 'const main = async () => ({ message: "" });'],
  ['javascript', 'export default async function main() { if (1) { return {}; } }'],
  ['javascript', 'const x = await 1; export const main = function () { return x; };'],
  ['javascript', 'let main; main = () => 1;'],
  ['javascript', 'with ({}) {} function main() { return 010; }'],
  ['javascript', '#!/usr/bin/env node\nmodule.exports.main = () => 1;'],
  ['python', 'def main(**params):\n    return {"message": ""}'],
  ['python', 'async def main(a, b=1):\n    with open("x"):\n        return {}'],
  ['python', 'main = lambda **params: {"message": ""}'],
  ['python', 'import os; os._exit(3)\ndef main(): return 1'],
];

test.each(valid)('%s passes: %s', async (language, code) => {
  expect((await sandbox.check(language, code)).problems).toEqual([]);
});

const invalid: readonly (readonly [ToolLanguage, string, RegExp, number | null])[] = [
  ['javascript', 'const a = 1;\nfunction main( {', /Syntax error/, 2],
  ['javascript', 'import x from "y"\nexport const main = () => { retrun 1 }', /Syntax error/, 2],
  [
    'javascript',
    'function other() { return 1; }',
    /no function `main`.*async function main/s,
    null,
  ],
  ['javascript', '{ function f() { function main() { return 1; } } }', /no function `main`/, null],
  ['javascript', '\nfunction main() { [1].map((x) => { return x; }); }', /no `return`/, 2],
  ['javascript', 'function* main() { return 1; }', /generator/, 1],
  ['javascript', 'const main = 3;', /must be a function/, 1],
  ['python', 'x = 1\ndef main(:\n    return 1', /Syntax error/, 2],
  ['python', 'def other():\n    return 1', /no function `main`.*def main/s, null],
  ['python', '\ndef main():\n    def f():\n        return 1\n    f()', /no `return`/, 2],
  ['python', 'def main():\n    yield 1\n    return', /generator/, 1],
  ['python', 'def main(a, /):\n    return a', /keyword/, 1],
  ['python', 'main = 3', /must be a function/, 1],
  ['python', 'return 1', /Syntax error.*outside function/, 1],
  ['python', `def main():\n    return ${'('.repeat(5000)}1${')'.repeat(5000)}`, /nested|parse/i, 2],
];

test.each(invalid)('%s is refused: %s', async (language, code, words, line) => {
  const [problem, ...others] = (await sandbox.check(language, code)).problems;
  expect(others).toEqual([]);
  expect(problem?.message).toMatch(words);
  expect(problem?.line).toBe(line);
});

describe.each(['python', 'javascript'] as const)('%s text that nothing can read', (language) => {
  test.each([
    ['a NUL', 'x = 1\n\0', /NUL/, 2],
    ['a lone surrogate', 'x = "\ud800"', /surrogate/, 1],
    ['more than 1 MiB', `#${'x'.repeat(1 << 20)}`, /1048577 bytes/, null],
    ['nothing', ' \n', /empty/, null],
  ])('is refused for %s', async (_what, code, words, line) => {
    expect((await sandbox.check(language, code)).problems).toEqual([
      { message: expect.stringMatching(words), line },
    ]);
  });
});

test('JavaScript nested beyond any stack is refused, not crashed on', async () => {
  const code = `function main() { return ${'['.repeat(200_000)}${']'.repeat(200_000)}; }`;
  expect((await sandbox.check('javascript', code)).problems).toHaveLength(1);
});
