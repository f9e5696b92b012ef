// What a page of the documentation has people type, as a script. In a fenced block the words after the language
// say more: `sh` is run, in the order of the page, in one shell; `sh not-run` is not, and the comment right
// before it says why; `… file=NAME` is a file that is there before anything runs.

export interface Page {
  readonly script: string;
  readonly files: ReadonlyMap<string, string>;
  /** From nothing, in a shell of its own: the newcomer's script. */
  readonly newcomer: string;
  /** JSON that is only shown. */
  readonly json: readonly string[];
  /** Blocks that are not run and do not say why, or whose language is not known. */
  readonly faults: readonly string[];
}

const shownOnly = new Set(['text', 'http', 'yaml', 'markdown', 'sql', 'ini', 'dockerfile']);

export function readPage(markdown: string): Page {
  const script: string[] = [];
  const newcomer: string[] = [];
  const files = new Map<string, string>();
  const json: string[] = [];
  const faults: string[] = [];
  const fence = /^```(.*)\n([\s\S]*?)^```$/gm;
  for (const found of markdown.matchAll(fence)) {
    const [, info = '', body = ''] = found;
    const [language = '', ...words] = info.trim().split(/\s+/);
    const file = words.find((word) => word.startsWith('file='))?.slice('file='.length);
    const before = markdown.slice(0, found.index).trimEnd();
    if (file !== undefined) files.set(file, body);
    else if (language === 'sh' && words.includes('not-run')) {
      if (!/<!-- not run: .+ -->$/.test(before)) faults.push(`no reason given: ${body}`);
    } else if (language === 'sh') (words.includes('newcomer') ? newcomer : script).push(body);
    else if (language === 'json') json.push(body);
    else if (!shownOnly.has(language)) faults.push(`unknown language "${language}": ${body}`);
  }
  return { script: script.join(''), newcomer: newcomer.join(''), files, json, faults };
}
