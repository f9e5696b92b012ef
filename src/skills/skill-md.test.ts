import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSkillMd, type SkillMd, writeSkillMd } from './skill-md.ts';

function read(text: string): SkillMd {
  const found = readSkillMd(text);
  if (!found.ok) throw new Error(found.problem);
  const { ok: _, ...md } = found;
  return md;
}

const names = fc.stringMatching(/^[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}$/);
const descriptions = fc
  .string({ minLength: 1, maxLength: 60, unit: 'grapheme' })
  .filter((text) => text.trim() === text && text !== '' && text.isWellFormed());
const tools = fc.option(fc.uniqueArray(fc.stringMatching(/^[a-z_]{1,9}$/), { maxLength: 3 }));
const skills = fc.record({
  name: names,
  description: descriptions,
  allowedTools: tools,
  body: fc.string({ maxLength: 80, unit: 'grapheme' }).map((text) => text.replaceAll('\r', '')),
});

const written = [
  '---\nname: a\ndescription: >-\n  Two\n  lines.\n# A comment.\nallowed-tools:\n  - one\n  - two\nlicense: MIT\n---\n\nText.\n',
  '---\nlicense: MIT\ndescription: |\n  Kept.\nname: "a" # mine\n---\nText.',
  "---\r\nname: a\r\ndescription: 'It''s.'\r\n---\r\n\r\nText.\r\n",
  '---\n{name: a, description: Short., allowed-tools: "x, y"}\n---\n',
  '\uFEFF---\nname: a\ndescription: D\nallowed-tools:\n---\n\n---\nText.\n',
];

describe('a SKILL.md', () => {
  test('that is written says what it was to say', () => {
    fc.assert(
      fc.property(skills, (skill) => {
        expect(read(writeSkillMd(null, skill))).toEqual(skill);
      }),
    );
  });

  test.each(written)('that is not changed is the same text: %j', (text) => {
    expect(writeSkillMd(text, read(text))).toBe(text);
  });

  test('that is changed says what it is to say now', () => {
    fc.assert(
      fc.property(fc.constantFrom(...written), skills, (text, skill) => {
        expect(read(writeSkillMd(text, skill))).toEqual(skill);
      }),
    );
  });

  test('keeps what else is written when one field is changed', () => {
    const [text = '', other = ''] = written;
    expect(writeSkillMd(text, { ...read(text), allowedTools: ['three'] })).toBe(
      text.replace('allowed-tools:\n  - one\n  - two\n', 'allowed-tools: three\n'),
    );
    expect(writeSkillMd(text, { ...read(text), allowedTools: null })).toBe(
      text.replace('allowed-tools:\n  - one\n  - two\n', ''),
    );
    expect(writeSkillMd(other, { ...read(other), name: 'b' })).toBe(other.replace('"a"', 'b'));
  });

  test.each([
    ['a list', '---\nname: a\ndescription: D\nallowed-tools: [x, "y"]\n---\n', ['x', 'y']],
    ['blanks', '---\nname: a\ndescription: D\nallowed-tools: x  y\n---\n', ['x', 'y']],
    [
      'patterns',
      '---\nname: a\ndescription: D\nallowed-tools: B(a b:*), C\n---\n',
      ['B(a b:*)', 'C'],
    ],
    ['nothing', '---\nname: a\ndescription: D\nallowed-tools: ""\n---\n', []],
  ])('takes allowed tools as %s', (_form, text, allowed) => {
    expect(read(text).allowedTools).toEqual(allowed);
  });

  test('of a megabyte without an end is refused at once', () => {
    const started = performance.now();
    expect(readSkillMd(`---\n${'a\n'.repeat(500_000)}`).ok).toBe(false);
    expect(readSkillMd(`---\n${'--- a\n'.repeat(160_000)}`).ok).toBe(false);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
