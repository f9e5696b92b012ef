import { describe, expect, test } from 'vitest';
import { filledMaximum, fillTemplate, hasBrokenPlaceholder, pathsIn } from './chain.ts';

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
    expect(filled).toEqual({ ok: false, problem: 'names payload.other, which is not there' });
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

  test('that repeats a large value is refused before it is made', () => {
    const large = { payload: { text: 'x'.repeat(filledMaximum / 4) } };
    const problem = `becomes larger than ${filledMaximum} characters by payload.text`;
    for (const template of ['{{payload.text}} '.repeat(8), Array(8).fill('{{payload.text}}')]) {
      expect(fillTemplate(template, large)).toEqual({ ok: false, problem });
    }
    expect(fillTemplate('{{payload.text}}', large)).toMatchObject({ ok: true });
  });

  test('tells its paths, and braces that are none', () => {
    expect(pathsIn({ a: ['{{x.y}} {{z}}'], b: 1 })).toEqual(['x.y', 'z']);
    const broken = [{ a: '{{ x' }, { '{{x}}': 1 }, '{{x}}'].map(hasBrokenPlaceholder);
    expect(broken).toEqual([true, true, false]);
  });
});
