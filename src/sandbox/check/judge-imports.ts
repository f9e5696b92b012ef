import type { ToolLanguage } from '../../core/custom-tool.ts';
import type { CodeProblem } from '../../core/sandbox.ts';
import { type CodeImport, packageOf } from './find-imports.ts';

/** What code may import, in one language on this machine. */
export interface Importable {
  /** The interpreter and its version, for messages. */
  readonly runtime: string;
  readonly modules: ReadonlySet<string>;
  /** Name in an import → package; packages that others need as well. */
  readonly packages: ReadonlyMap<string, string>;
  /** Those that are offered. */
  readonly offered: readonly string[];
  /** Why there are no packages; null when there are. */
  readonly unavailable: string | null;
}

/** Which packages the imports need, and a problem for each that nothing here can answer. */
export function judgeImports(
  language: ToolLanguage,
  imports: readonly CodeImport[],
  importable: Importable,
): { readonly packages: readonly string[]; readonly problems: readonly CodeProblem[] } {
  const packages = new Set<string>();
  const problems: CodeProblem[] = [];
  for (const { name, line, isGuarded } of imports) {
    const top = language === 'python' ? (name.split('.')[0] ?? '') : packageOf(name);
    // `__future__`, `_thread`: an interpreter's own.
    if (top === null || top.startsWith('_')) continue;
    if (importable.modules.has(name) || importable.modules.has(top)) continue;
    const found = importable.packages.get(top);
    if (found !== undefined) packages.add(found);
    else if (!isGuarded) problems.push({ message: unknownModule(top, importable), line });
  }
  return { packages: [...packages].sort(), problems };
}

/** What is wrong with the name of a module, and what there is instead. */
export function unknownModule(name: string, importable: Importable): string {
  const { runtime, offered, unavailable } = importable;
  const packages =
    unavailable === null
      ? `one of the packages: ${offered.join(', ')}`
      : `a package: there are none. ${unavailable.replace(/\.$/, '')}`;
  return `\`${name.slice(0, 100)}\` is neither a module of ${runtime} nor ${packages}`;
}
