import { describe, expect, test } from 'vitest';
import type { Problems } from '../core/validate.ts';
import { readParameters } from './parameter-definitions.ts';

function problemsOf(given: unknown): Record<string, string> {
  const problems: Problems = new Map();
  const read = readParameters(given, ['parameters'], problems);
  expect(read === null).toBe(problems.size > 0);
  return Object.fromEntries(problems);
}

describe('readParameters', () => {
  test('takes the documented subset', () => {
    const given = {
      reservation_id: { type: 'string', required: true, description: 'Which one' },
      unit: { type: 'string', enum: ['C', 'F'], default: 'C' },
      guest: { type: 'object', properties: { age: { type: 'integer' } }, default: { age: 3 } },
      days: { type: 'array', items: { type: 'string', enum: ['mon'] } },
    };
    expect(problemsOf(given)).toEqual({});
  });

  test.each([
    [{ a: { type: 'strnig' } }, 'parameters.a.type', /one of string, number/],
    [{ a: 'string' }, 'parameters.a', /must be an object/],
    [{ a: { type: 'string', minLength: 3 } }, 'parameters.a', /unknown fields: minLength/],
    [{ a: { type: 'string', required: 'yes' } }, 'parameters.a.required', /true or false/],
    [
      { a: { type: 'string', properties: {} } },
      'parameters.a.properties',
      /only with the type object/,
    ],
    [
      { a: { type: 'object', items: { type: 'string' } } },
      'parameters.a.items',
      /only with the type array/,
    ],
    [{ a: { type: 'integer', default: 1.5 } }, 'parameters.a.default', /must be an integer/],
    [{ a: { type: 'string', enum: [] } }, 'parameters.a.enum', /1 to/],
    [{ a: { type: 'string', enum: ['x', 3] } }, 'parameters.a.enum[1]', /must be a string/],
    [{ a: { type: 'string', enum: ['x'], default: 'y' } }, 'parameters.a.default', /one of "x"/],
    [{ 'a b': { type: 'string' } }, 'parameters.a b', /name/],
    [JSON.parse('{"__proto__": {"type": "string"}}'), 'parameters.__proto__', /name/],
    [[], 'parameters', /must be an object/],
    [null, 'parameters', /must be an object/],
    [
      { a: { type: 'array', items: { type: 'object', properties: { b: { type: 'x' } } } } },
      'parameters.a.items.properties.b.type',
      /one of/,
    ],
  ])('refuses %j', (given, field, problem) => {
    expect(problemsOf(given)[field]).toMatch(problem);
  });

  test('bounds depth and number', () => {
    let deep: unknown = { type: 'string' };
    for (let i = 0; i < 60; i++) deep = { type: 'object', properties: { a: deep } };
    expect(Object.values(problemsOf({ a: deep })).join()).toMatch(/nested too deeply/);
    let list: unknown = { type: 'string' };
    for (let i = 0; i < 60; i++) list = { type: 'array', items: list };
    expect(Object.values(problemsOf({ a: list })).join()).toMatch(/nested too deeply/);
    const many = Object.fromEntries(
      Array.from({ length: 201 }, (_, i) => [`p${i}`, { type: 'string' }]),
    );
    expect(Object.values(problemsOf(many)).join()).toMatch(/at most 200/);
  });
});
