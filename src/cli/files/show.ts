import { diff } from 'node:util';
import type { CommandContext } from '../command-context.ts';
import { sanitized, sanitizedLine } from '../sanitized.ts';
import type { Terminal } from '../terminal.ts';
import type { Comparison, FieldChange } from './compare.ts';
import { toYaml } from './yaml-text.ts';

/** A comparison with what is done about it. */
export interface Shown {
  readonly comparison: Comparison;
  readonly action: 'none' | 'create' | 'change' | 'delete' | 'conflict';
  readonly note?: string;
}

const signs = { none: ' ', create: '+', change: '~', delete: '-', conflict: '!' } as const;
const sides = {
  mine: 'changed here',
  theirs: 'changed on the server',
  both: 'changed on both sides',
} as const;
/** Lines around a change. */
const around = 2;

/** What differs, `-` as the server has it and `+` as the folder does. */
export function printComparisons({ out }: CommandContext, shown: readonly Shown[]): void {
  const different = shown.filter(({ action, note }) => action !== 'none' || note !== undefined);
  for (const { comparison, action, note } of different) {
    const { style } = out;
    const paint = { create: style.good, delete: style.bad, conflict: style.bad };
    const line = `${signs[action]} ${sanitizedLine(comparison.key)}`;
    out.line(action in paint ? paint[action as keyof typeof paint](line) : line);
    if (note !== undefined) out.line(style.dim(`    ${sanitizedLine(note)}`));
    if (comparison.kind === 'changed') {
      for (const change of comparison.fields) printChange(out, change);
    }
  }
  if (different.length === 0) out.line(out.style.dim('Folder and server are the same.'));
}

function printChange(out: Terminal, { field, state, here, there }: FieldChange): void {
  out.line(`    ${sanitizedLine(field)} ${out.style.dim(`(${sides[state]})`)}`);
  const lines = diff(linesOf(here), linesOf(there));
  lines.forEach(([side, line], at) => {
    const near = lines.slice(Math.max(0, at - around), at + around + 1);
    if (near.every(([other]) => other === 0)) return;
    const text = `${side === 0 ? ' ' : side === 1 ? '+' : '-'} ${sanitized(line)}`;
    const paint = side === 0 ? out.style.dim : side === 1 ? out.style.good : out.style.bad;
    out.line(`      ${paint(text)}`);
  });
}

function linesOf(value: unknown): string[] {
  if (value === undefined) return [];
  if (typeof value === 'string') return value.split('\n');
  return toYaml({ value })
    .trimEnd()
    .replace(/^value:\s?/, '')
    .replace(/^\n/, '')
    .split('\n');
}
