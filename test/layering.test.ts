import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importCycles, layeringFaults, strayStatements } from './support/layers.ts';
import { isTest, readTree, repositoryRoot } from './support/source-tree.ts';

const source = readTree(join(repositoryRoot, 'src'));
const code = source.filter(({ path }) => path.endsWith('.ts'));

describe('the source', () => {
  test('imports only downwards, from core to main', () => {
    expect(layeringFaults(code)).toEqual([]);
  });

  test('has no import cycles', () => {
    expect(importCycles(code.filter(({ path }) => !isTest(path)))).toEqual([]);
  });

  test('holds SQL in store only', () => {
    expect(strayStatements(source)).toEqual([]);
  });

  test('has no default exports', () => {
    const found = code.filter(({ text }) => /^export default\b/m.test(text));
    expect(found.map(({ path }) => path)).toEqual([]);
  });
});

describe('the rules', () => {
  const faults = (path: string, text: string) => layeringFaults([{ path, text }]);

  test.each([
    ['core/a.ts', "import { b } from '../store/b.ts';"],
    ['core/a.ts', "import { readFile } from 'node:fs/promises';"],
    ['core/a.ts', "import { Ajv } from 'ajv';"],
    ['core/a.ts', "import type {\n  B,\n} from '../api/b.ts';"],
    ['store/a.ts', "import { b } from '../models/b.ts';"],
    ['store/a.ts', "export * from '../runs/b.ts';"],
    ['runs/a.ts', "import '../engine/b.ts';"],
    ['runs/a.ts', "const b = await import('../api/b.ts');"],
    ['runs/a.ts', "import { log } from '../logger.ts';"],
    ['api/a.ts', "import { Pool } from 'pg';"],
    ['api/a.ts', "import { openContext } from '../context.ts';"],
    ['runs/a.ts', "import { Hono } from 'hono';"],
    ['cli/a.ts', "import { b } from '../runs/b.ts';"],
    ['config.ts', "import { b } from './store/b.ts';"],
    ['context.ts', "import { b } from './cli/b.ts';"],
    ['helpers/a.ts', "import { b } from '../core/b.ts';"],
    ['runs/a.ts', "import { b } from './b.test.ts';"],
    ['runs/a.ts', "import { b } from '../../test/support/b.ts';"],
  ])('refuse in %s: %s', (path, text) => {
    expect(faults(path, text)).toHaveLength(1);
  });

  test.each([
    ['core/a.ts', "import { createHash } from 'node:crypto';\nimport { b } from './b.ts';"],
    ['store/a.ts', "import { Pool } from 'pg';\nimport { b } from '../core/b.ts';"],
    ['engine/a.ts', "import { b } from '../runs/b.ts';"],
    ['context.ts', "import { b } from './api/b.ts';\nimport { c } from './config.ts';"],
    ['main.ts', "import { b } from './cli/b.ts';"],
    ['config.ts', "import { b } from './env.ts';"],
    ['cli/a.ts', "import { b } from '../config.ts';"],
    ['core/a.ts', "// import { b } from '../store/b.ts';"],
    ['runs/a.test.ts', "import { b } from '../engine/b.ts';"],
  ])('allow in %s: %s', (path, text) => {
    expect(faults(path, text)).toEqual([]);
  });

  test('find a cycle through three files', () => {
    const cycle = [
      { path: 'runs/a.ts', text: "import './b.ts';" },
      { path: 'runs/b.ts', text: "import './c.ts';" },
      { path: 'runs/c.ts', text: "import './a.ts';" },
    ];
    expect(importCycles(cycle)).toEqual(['runs/a.ts → runs/b.ts → runs/c.ts → runs/a.ts']);
  });

  test('find SQL outside store', () => {
    const stray = { path: 'runs/a.ts', text: 'const q = `SELECT id\n FROM runs WHERE id = $1`;' };
    expect(strayStatements([stray])).toEqual(['runs/a.ts']);
    expect(strayStatements([{ ...stray, path: 'store/a.ts' }])).toEqual([]);
  });
});
