import { Ajv } from 'ajv';
import {
  type Arbitrary,
  anything,
  array,
  assert,
  boolean,
  constant,
  constantFrom,
  dictionary,
  double,
  integer,
  type JsonValue,
  jsonValue,
  letrec,
  oneof,
  property,
  record,
  string,
  tuple,
} from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ToolParameter, ToolParameters } from '../core/custom-tool.ts';
import { parseExactJson } from '../core/exact-json.ts';
import { checkArguments, parametersToJsonSchema } from './arguments.ts';

const name = string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 6 })
  .map((text) => text.replace(/[^A-Za-z0-9_]/g, 'x'))
  .filter((text) => text !== '__proto__');

const { parameters } = letrec<{ parameters: ToolParameters; parameter: ToolParameter }>((tie) => ({
  parameters: dictionary(name, tie('parameter'), { maxKeys: 4, noNullPrototype: true }),
  parameter: oneof(
    { depthSize: 'small' },
    record({
      type: oneof(
        ...(['string', 'number', 'integer', 'boolean', 'array', 'object'] as const).map(constant),
      ),
      required: boolean(),
    }),
    record({
      type: constant('object' as const),
      required: boolean(),
      properties: tie('parameters'),
    }),
    record({ type: constant('array' as const), items: tie('parameter') }),
    record({ type: constant('string' as const), enum: constant(['a', 'b']) }),
  ) as never,
}));

/** Values with the parameters' own names and, mostly, their types. */
function fitting(schema: ToolParameters): Arbitrary<unknown> {
  const entries = Object.entries(schema).map(([key, each]) => [key, anyValueOf(each)] as const);
  return oneof(
    { weight: 6, arbitrary: record(Object.fromEntries(entries), { requiredKeys: [] }) },
    { weight: 1, arbitrary: jsonValue() },
  );
}

function anyValueOf(parameter: ToolParameter): Arbitrary<unknown> {
  const own: Record<ToolParameter['type'], () => Arbitrary<unknown>> = {
    string: () => (parameter.enum === undefined ? string() : constantFrom('a', 'b', 'c')),
    number: () => double({ noNaN: true, noDefaultInfinity: true }),
    integer: () => integer(),
    boolean: () => boolean(),
    array: () =>
      array(parameter.items === undefined ? jsonValue() : anyValueOf(parameter.items), {
        maxLength: 3,
      }),
    object: () => fitting(parameter.properties ?? {}),
  };
  return oneof(
    { weight: 8, arbitrary: own[parameter.type]() },
    { weight: 1, arbitrary: jsonValue() },
  );
}

describe('checkArguments', () => {
  test('accepts exactly what its JSON Schema accepts', async () => {
    const ajv = new Ajv({ strict: false });
    const accepted = { yes: 0, no: 0 };
    const cases = parameters.chain((schema) => tuple(constant(schema), fitting(schema)));
    await assert(
      property(cases, ([schema, value]) => {
        const json = JSON.parse(JSON.stringify(value)) as JsonValue;
        const { ok } = checkArguments(schema, json);
        accepted[ok ? 'yes' : 'no']++;
        expect(ok).toBe(ajv.validate(parametersToJsonSchema(schema), json));
      }),
      { numRuns: 1_500 },
    );
    // Both answers were really put to the test.
    expect(Math.min(accepted.yes, accepted.no)).toBeGreaterThan(100);
  });

  test('never throws and names a problem when it refuses', async () => {
    await assert(
      property(parameters, anything(), (schema, value) => {
        const result = checkArguments(schema, value);
        if (!result.ok) expect(Object.keys(result.problems).length).toBeGreaterThan(0);
      }),
    );
  });

  test('gives back what it was given when there are no defaults', async () => {
    await assert(
      property(dictionary(name, jsonValue(), { noNullPrototype: true }), (value) => {
        const json = JSON.parse(JSON.stringify({ any: value })) as JsonValue;
        expect(checkArguments({ any: { type: 'object' } }, json)).toEqual({
          ok: true,
          value: json,
        });
      }),
    );
  });

  test('fills in defaults at every depth', () => {
    const schema: ToolParameters = {
      limit: { type: 'integer', default: 10 },
      filter: {
        type: 'object',
        default: {},
        properties: { status: { type: 'string', default: 'open' } },
      },
      rows: {
        type: 'array',
        items: { type: 'object', properties: { n: { type: 'number', default: 1 } } },
      },
    };
    expect(checkArguments(schema, { rows: [{}, { n: 2 }] })).toEqual({
      ok: true,
      value: { limit: 10, filter: { status: 'open' }, rows: [{ n: 1 }, { n: 2 }] },
    });
  });

  test('says for each argument what is wrong and what would be right', () => {
    const schema: ToolParameters = {
      id: { type: 'string', required: true },
      nights: { type: 'integer' },
      unit: { type: 'string', enum: ['C', 'F'] },
      guests: {
        type: 'array',
        items: { type: 'object', properties: { name: { type: 'string', required: true } } },
      },
    };
    expect(
      checkArguments(schema, { nights: '3', unit: 'K', guests: [{ name: 'A' }, {}], extra: 1 }),
    ).toEqual({
      ok: false,
      problems: {
        id: 'is required: give a string',
        nights: 'must be an integer, not the string "3"',
        unit: 'must be one of "C", "F"',
        'guests[1].name': 'is required: give a string',
        extra: 'is not known; known are id, nights, unit, guests',
      },
    });
    expect(checkArguments(schema, null)).toEqual({
      ok: false,
      problems: { 'the whole': 'must be an object, not null' },
    });
  });

  test('coerces nothing', () => {
    const schema: ToolParameters = {
      n: { type: 'number' },
      s: { type: 'string' },
      b: { type: 'boolean' },
    };
    for (const wrong of [{ n: '1' }, { s: 1 }, { b: 'true' }, { b: 0 }, { n: null }, { s: null }]) {
      expect(checkArguments(schema, wrong).ok).toBe(false);
    }
  });

  test('refuses __proto__ and inherited names, and changes no prototype', () => {
    const hostile = JSON.parse('{"__proto__": {"polluted": true}}') as unknown;
    expect(checkArguments({}, hostile).ok).toBe(false);
    const inherited: ToolParameters = JSON.parse(
      '{"toString": {"type": "string", "required": true}}',
    );
    expect(checkArguments(inherited, {}).ok).toBe(false);
    expect(checkArguments({}, { constructor: 1 }).ok).toBe(false);
    const nested = checkArguments({ any: { type: 'object' } }, { any: hostile });
    expect(JSON.stringify(nested)).toContain('"__proto__":{"polluted":true}');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('numbers that a double would change', () => {
  const known: ToolParameters = {
    id: { type: 'integer' },
    x: { type: 'number' },
    s: { type: 'string' },
    o: { type: 'object' },
    l: { type: 'array', items: { type: 'integer' } },
  };
  const check = (text: string) => checkArguments(known, parseExactJson(text));

  test.each([
    '{"id":12345678901234567890}',
    '{"x":-12345678901234567890}',
    '{"o":{"deep":[9007199254740993]}}',
    '{"l":[9007199254740993,1]}',
  ])('keep their digits: %s', (text) => {
    const checked = check(text);
    expect(checked.ok && JSON.stringify(checked.value)).toBe(text);
  });

  test('are told apart from other types, and refused where nobody could hold them', () => {
    expect(check('{"s":12345678901234567890}')).toEqual({
      ok: false,
      problems: { s: 'must be a string, not the number 12345678901234567890' },
    });
    expect(check('{"o":12345678901234567890}')).toMatchObject({ ok: false });
    expect(check('{"x":1e400}')).toEqual({
      ok: false,
      problems: { x: 'must be a number, not the number 1e400, which is too large' },
    });
    expect(check('{"id":1e400}')).toMatchObject({ ok: false });
  });
});
