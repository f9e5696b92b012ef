import type { TestCase } from '../api/types.ts';
import { commaList } from '../ui/comma-list.ts';

// The expectations that have fields of their own; the others are written as JSON, and kept as they are here.

export type Expect = Readonly<Record<string, unknown>>;

interface Call {
  readonly tool: string;
}

export const textRules = [
  ['contains', 'contains'],
  ['not_contains', 'does not contain'],
  ['equals', 'is exactly'],
  ['matches', 'matches the pattern'],
  ['not_matches', 'does not match the pattern'],
  ['judge', 'a model finds that'],
] as const;

export type TextRule = Readonly<Record<string, string>>;

export function dispositionsOf(expect: Expect): readonly string[] {
  const given = expect.disposition;
  return Array.isArray(given) ? given : typeof given === 'string' ? [given] : [];
}

export function toolsOf(expect: Expect, name: 'tools_called' | 'tools_not_called'): string {
  const calls = (expect[name] ?? []) as readonly (Call | string)[];
  return calls.map((call) => (typeof call === 'string' ? call : call.tool)).join(', ');
}

/** Keeps what a call says beside its tool’s name. */
export function withTools(
  expect: Expect,
  name: 'tools_called' | 'tools_not_called',
  text: string,
): Expect {
  const before = (expect[name] ?? []) as readonly Call[];
  const names = commaList(text);
  const calls = names.map((tool) => before.find((call) => call.tool === tool) ?? { tool });
  return withMember(expect, name, calls.length === 0 ? undefined : calls);
}

export function withMember(expect: Expect, name: string, value: unknown): Expect {
  const { [name]: _before, ...rest } = expect;
  return value === undefined ? rest : { ...rest, [name]: value };
}

/** In words, for the list of cases. */
export function sayExpect({ expect }: Pick<TestCase, 'expect'>): string {
  const given = expect as Expect;
  const called = toolsOf(given, 'tools_called');
  const notCalled = toolsOf(given, 'tools_not_called');
  const texts = ((given.text ?? []) as readonly TextRule[]).length;
  const parts = [
    dispositionsOf(given).length > 0 && `ends as ${dispositionsOf(given).join(' or ')}`,
    called && `calls ${called}`,
    notCalled && `does not call ${notCalled}`,
    texts > 0 && `${texts} ${texts === 1 ? 'rule' : 'rules'} for its answer`,
    given.output !== undefined && 'values of its output',
    typeof given.max_cost_usd === 'number' && `costs at most $${given.max_cost_usd}`,
  ];
  return parts.filter(Boolean).join(' · ') || 'ends without an error';
}
