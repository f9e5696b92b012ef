import { describe, expect, test } from 'vitest';
import { fillTemplate, hasBrokenPlaceholder, pathsIn } from './chain.ts';

const values = { payload: { id: 7, tags: ['a'], text: '{{payload.id}}' } };

describe('a template', () => {
  test('of one placeholder is the value itself, and its field is left out where there is none', () => {
    const template = {
      id: '{{payload.id}}',
      tags: '{{ payload.tags }}',
      other: '{{payload.other}}',
    };
    expect(fillTemplate(template, values)).toEqual({ ok: true, value: { id: 7, tags: ['a'] } });
  });

  test('in text takes values as text, and fails without one', () => {
    expect(fillTemplate('{{payload.id}}: {{payload.tags}}', values)).toEqual({
      ...{ ok: true, value: '7: ["a"]' },
    });
    const filled = fillTemplate(['x {{payload.other}}'], values);
    expect(filled).toEqual({ ok: false, missing: 'payload.other' });
  });

  test('does not read values as templates, nor reach what values inherit', () => {
    expect(fillTemplate('{{payload.text}}!', values)).toEqual({
      ok: true,
      value: '{{payload.id}}!',
    });
    expect(fillTemplate({ a: '{{payload.constructor.name}}' }, values)).toEqual({
      ...{ ok: true, value: {} },
    });
  });

  test('tells its paths, and braces that are none', () => {
    expect(pathsIn({ a: ['{{x.y}} {{z}}'], b: 1 })).toEqual(['x.y', 'z']);
    expect([hasBrokenPlaceholder({ a: '{{ x' }), hasBrokenPlaceholder('{{x}}')]).toEqual([
      true,
      false,
    ]);
  });
});
