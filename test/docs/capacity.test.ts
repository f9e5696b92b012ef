import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { repositoryRoot } from '../support/source-tree.ts';

const script = join(repositoryRoot, 'scripts', 'capacity.js');
const page = readFileSync(join(repositoryRoot, 'docs', 'capacity.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'signalbox-capacity-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the page of capacity', () => {
  test('follows from what was measured, and is refused when one of its figures does not', () => {
    const follows = (text: string) => {
      const copy = join(folder, 'capacity.md');
      writeFileSync(copy, text);
      try {
        execFileSync(process.execPath, [script, '--check', copy], { stdio: 'pipe' });
        return true;
      } catch {
        return false;
      }
    };
    expect(follows(page)).toBe(true);
    const { result = '' } = rowsOf(page).at(-1) ?? {};
    const at = page.lastIndexOf(` ${result} |`);
    expect(follows(`${page.slice(0, at)} 1${page.slice(at + 1)}`)).toBe(false);
  });

  test('shows arithmetic that comes to what it says', () => {
    const rows = rowsOf(page);
    expect(rows.length).toBeGreaterThan(20);
    for (const { what, how, result } of rows) {
      const reckoned = reckon(how);
      // Both are of figures that are shown with three digits.
      const said = how.endsWith('rounded up') ? Math.ceil(reckoned) : reckoned;
      const tolerance = how.endsWith('rounded up') ? 1 + said * 0.01 : said * 0.02;
      expect(Math.abs(said - numberOf(result)), what).toBeLessThanOrEqual(tolerance);
    }
  });
});

interface Row {
  readonly what: string;
  readonly how: string;
  readonly result: string;
}

/** The lines that are reckoned. */
function rowsOf(text: string): Row[] {
  return [...text.matchAll(/^\| (.+) \| ([\d.,]+ [×÷+−] .+) \| ([\d.,]+) \|$/gm)].map(
    ([, what = '', how = '', result = '']) => ({ what, how, result }),
  );
}

const numberOf = (text: string) => Number(text.replaceAll(',', ''));

/** From left to right. */
function reckon(how: string): number {
  const [first = '', ...rest] = how.replace(', rounded up', '').split(' ');
  let value = numberOf(first);
  for (let at = 0; at + 1 < rest.length; at += 2) {
    const [sign, number] = [rest[at], numberOf(rest[at + 1] ?? '')];
    if (sign === '×') value *= number;
    else if (sign === '÷') value /= number;
    else if (sign === '+') value += number;
    else if (sign === '−') value -= number;
    else throw new Error(`What is ${sign}?`);
  }
  return value;
}
