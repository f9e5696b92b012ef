import { type Comment, type Program, parse } from 'acorn';

/** `module`: has `import` or `export` declarations. `script`: everything else, and never strict by itself. */
export type JavascriptForm = 'module' | 'script';

export type ParsedJavascript =
  | {
      readonly ok: true;
      readonly form: JavascriptForm;
      readonly program: Program;
      readonly comments: readonly Comment[];
    }
  | { readonly ok: false; readonly message: string; readonly line: number | null };

/** Parses as a script where that is possible, else as a module. Top-level `await` is allowed in both. */
export function parseJavascript(code: string): ParsedJavascript {
  const asScript = tryParse(code, 'script');
  if (asScript.ok) return asScript;
  const asModule = tryParse(code, 'module');
  if (asModule.ok) return asModule;
  const isMeantAsModule = /^\s*(import\b[^(]|export\b)/m.test(code);
  return isMeantAsModule ? asModule : asScript;
}

/** How to load the code. Code that does not parse is a script, whose loading tells what is wrong. */
export function javascriptForm(code: string): JavascriptForm {
  // Without these words there is no such declaration, and parsing would be the larger part of a call's cost.
  if (!/\b(?:import|export)\b/.test(code)) return 'script';
  const parsed = parseJavascript(code);
  return parsed.ok ? parsed.form : 'script';
}

function tryParse(code: string, form: JavascriptForm): ParsedJavascript {
  try {
    const comments: Comment[] = [];
    const program = parse(code, {
      ecmaVersion: 'latest',
      sourceType: form,
      allowAwaitOutsideFunction: true,
      allowHashBang: true,
      locations: true,
      onComment: comments,
    });
    return { ok: true, form, program, comments };
  } catch (error) {
    const line = error instanceof SyntaxError && 'loc' in error ? lineOf(error.loc) : null;
    const message = error instanceof Error ? error.message.replace(/ \(\d+:\d+\)$/, '') : '';
    return { ok: false, message, line };
  }
}

function lineOf(location: unknown): number | null {
  const hasLine = typeof location === 'object' && location !== null && 'line' in location;
  return hasLine && typeof location.line === 'number' ? location.line : null;
}
