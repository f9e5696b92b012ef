import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createSandbox } from '../create-sandbox.ts';

const cacheDir = await mkdtemp(join(tmpdir(), 'signalbox-parameters-'));
const sandbox = await createSandbox({ choice: 'auto', cacheDir });
afterAll(async () => {
  await sandbox[Symbol.asyncDispose]();
  await rm(cacheDir, { recursive: true });
});

const ofPython = async (code: string) =>
  (await sandbox.check('python', `${code}\n    return {"message": ""}`)).parameters;
const ofJavascript = async (code: string) => (await sandbox.check('javascript', code)).parameters;

describe('Python’s signature', () => {
  test('gives types, defaults and what is required', async () => {
    const { found, unmapped } = await ofPython(`
from typing import Literal, Optional, TypedDict, Annotated
import typing as t

Unit = Literal["c", "f"]

class Place(TypedDict, total=False):
    city: t.Required[str]
    zip: str

def main(city: str, days: int = 3, tags: list[str] | None = None, unit: Unit = "c", *,
         rate: float = -1.5, deep: Optional[t.List[dict]] = None, place: Place, level: Literal[1, 2] = 1,
         near: "bool" = False, rows: tuple[int, ...] = (), any_number: int | float = 0,
         told: Annotated[str, "In plain words."] = "", untyped=True, late=LATER if False else {"a": [1]}, **params):`);
    expect(unmapped).toEqual([
      { name: 'late', message: expect.stringMatching(/default does not tell/), line: 14 },
    ]);
    expect(found).toEqual({
      city: { type: 'string', required: true },
      days: { type: 'integer', default: 3 },
      tags: { type: 'array', items: { type: 'string' } },
      unit: { type: 'string', enum: ['c', 'f'], default: 'c' },
      rate: { type: 'number', default: -1.5 },
      deep: { type: 'array', items: { type: 'object' } },
      place: {
        type: 'object',
        required: true,
        properties: { city: { type: 'string', required: true }, zip: { type: 'string' } },
      },
      level: { type: 'integer', enum: [1, 2], default: 1 },
      near: { type: 'boolean', default: false },
      rows: { type: 'array', items: { type: 'integer' }, default: [] },
      any_number: { type: 'number', default: 0 },
      told: { type: 'string', description: 'In plain words.', default: '' },
      untyped: { type: 'boolean', default: true },
    });
  });

  test.each([
    ['a date', 'when: datetime.date', /`datetime.date`.*no counterpart.*usable are/],
    ['anything', 'x: Any', /`Any`/],
    ['nothing at all', 'x', /has no type: annotate it/],
    ['a default of None alone', 'x=None', /default does not tell/],
    ['several types', 'x: str | int', /several types/],
    ['a class', 'x: Own', /a class; arguments come as JSON/],
    ['a literal of several types', 'x: Literal[1, "a"]', /several types/],
    ['an alias of itself', 'x: Loop', /contains itself/],
    ['a type that does not parse', 'x: "list["', /does not parse/],
    ['None', 'x: None', /no counterpart|only ever None/],
  ])('names a parameter whose type is %s', async (_what, parameter, words) => {
    const { found, unmapped } = await ofPython(
      `from typing import *\nimport datetime\nLoop = list["Loop"]\nclass Own: pass\ndef main(${parameter}):`,
    );
    expect(found).toEqual({});
    expect(unmapped).toEqual(
      [{ name: 'x', message: expect.stringMatching(words), line: 5 }].map((each) => ({
        ...each,
        name: parameter.split(/[:=]/)[0],
      })),
    );
  });

  test.each([
    [
      'Google',
      'Args:\n        city (str): Where it is,\n            in words.\n        days: How many.\n\n    Returns:\n        dict: x',
    ],
    [
      'NumPy',
      'Parameters\n    ----------\n    city : str\n        Where it is,\n        in words.\n    days : int\n        How many.\n\n    Returns\n    -------\n    dict',
    ],
    [
      'reST',
      ':param str city: Where it is,\n        in words.\n    :param days: How many.\n    :return: x',
    ],
  ])('is described by a docstring in the manner of %s', async (_style, docstring) => {
    const { found } = await ofPython(
      `def main(city: str, days: int = 1):\n    """Says.\n\n    ${docstring}\n    """`,
    );
    expect(found).toMatchObject({
      city: { description: 'Where it is, in words.' },
      days: { description: 'How many.' },
    });
    expect(Object.keys(found)).toEqual(['city', 'days']);
  });

  test('is read without running a line of it', async () => {
    const { found } = await ofPython('import os; os._exit(3)\ndef main(n: int = os._exit(4)):');
    expect(found).toEqual({ n: { type: 'integer' } });
  });

  test('gives nothing where main takes whatever comes', async () => {
    expect(await ofPython('def main(**params):')).toEqual({ found: {}, unmapped: [] });
  });
});

describe('JavaScript’s first parameter', () => {
  test('gives what it takes apart, with the types of its defaults', async () => {
    const code =
      "async function main({ name = 'world', n = -2, on = false, list = [1], map = { a: 1 }, ...rest } = {}) { return {}; }";
    expect(await ofJavascript(code)).toEqual({
      unmapped: [],
      found: {
        name: { type: 'string', default: 'world' },
        n: { type: 'number', default: -2 },
        on: { type: 'boolean', default: false },
        list: { type: 'array', default: [1] },
        map: { type: 'object', default: { a: 1 } },
      },
    });
  });

  test('is described by JSDoc: types, descriptions, defaults, members, lists', async () => {
    const code = `
/**
 * Looks it up.
 * @param {object} params
 * @param {string} params.city - Where,
 *   in words.
 * @param {'c'|'f'} [params.unit=c] Degrees.
 * @param {number} [params.days=3]
 * @param {?string[]} [params.tags]
 * @param {{lat: number, lon?: number}} params.at
 * @param {object[]} params.rows
 * @param {integer} params.rows[].id
 * @param {object} [params.extra]
 * @param {boolean} params.extra.on
 * @param {Record<string, any>} [params.free]
 * @param {object} context
 */
 export default async function main(params, context) { return {}; }`;
    expect(await ofJavascript(code)).toEqual({
      unmapped: [],
      found: {
        city: { type: 'string', required: true, description: 'Where, in words.' },
        unit: { type: 'string', enum: ['c', 'f'], description: 'Degrees.', default: 'c' },
        days: { type: 'number', default: 3 },
        tags: { type: 'array', items: { type: 'string' } },
        at: {
          type: 'object',
          required: true,
          properties: { lat: { type: 'number', required: true }, lon: { type: 'number' } },
        },
        rows: {
          type: 'array',
          required: true,
          items: { type: 'object', properties: { id: { type: 'integer', required: true } } },
        },
        extra: {
          type: 'object',
          properties: { on: { type: 'boolean', required: true } },
        },
        free: { type: 'object' },
      },
    });
  });

  test('is described by JSDoc that names its members alone, too', async () => {
    const code =
      '/** @param {string} city @param {number} [days] */\nconst main = async ({ city, days = 2 }) => ({});';
    const multiline = code.replace(' @param {number}', '\n * @param {number}');
    expect((await ofJavascript(multiline)).found).toEqual({
      city: { type: 'string', required: true },
      days: { type: 'number', default: 2 },
    });
  });

  test.each([
    [
      'no type at all',
      'async function main({ x }) { return 1; }',
      /has no type: write it in a JSDoc/,
    ],
    ['a default that is computed', 'function main({ x = f() }) { return 1; }', /does not tell one/],
    [
      'a type that JSON lacks',
      '/** @param {Date} x */\nfunction main({ x }) { return 1; }',
      /\{Date\}, which has no counterpart/,
    ],
    [
      'several types',
      '/** @param {string|number} x */\nfunction main({ x }) { return 1; }',
      /several types/,
    ],
    ['anything', '/** @param {*} x */\nfunction main({ x }) { return 1; }', /no counterpart/],
    [
      'brackets that do not close',
      '/** @param {Array<string} x */\nfunction main({ x }) { return 1; }',
      /no counterpart/,
    ],
  ])('that has %s is named', async (_what, code, words) => {
    const { found, unmapped } = await ofJavascript(code);
    expect(found).toEqual({});
    expect(unmapped).toMatchObject([{ name: 'x', message: expect.stringMatching(words) }]);
  });

  test.each([
    ['takes whatever comes', 'async function main(params) { return params; }'],
    ['takes nothing', 'async function main() { return {}; }'],
    [
      'is described by a comment of something else',
      '/** @param {string} a */\nlet x;\nfunction main(p) { return 1; }',
    ],
    ['is made by a call', 'const main = wrap(({ x }) => 1);'],
  ])('of a main that %s gives nothing', async (_what, code) => {
    expect(await ofJavascript(code)).toEqual({ found: {}, unmapped: [] });
  });
});
