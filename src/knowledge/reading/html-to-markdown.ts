import { type DefaultTreeAdapterTypes, parse } from 'parse5';

// HTML as Markdown: headings, paragraphs, lists, tables, code; links with their targets. Walked with a stack
// of its own, since a page may be nested deeper than calls can be.

type TreeNode = DefaultTreeAdapterTypes.ChildNode | DefaultTreeAdapterTypes.Document;

/** What says nothing, or is said on every page. */
const skipped = new Set(
  'script style noscript template svg math iframe object canvas head nav footer aside form button select dialog'.split(
    ' ',
  ),
);
const blocks = new Set(
  'address article blockquote body center dd details div dl dt fieldset figcaption figure header hr main p section summary table tbody thead tfoot'.split(
    ' ',
  ),
);
const maxListDepth = 6;

export function htmlToMarkdown(html: string): {
  readonly title: string | null;
  readonly markdown: string;
} {
  const document = parse(html);
  const { title, main } = survey(document);
  const writer = new MarkdownWriter();
  const stack: { readonly node: TreeNode; readonly isExit: boolean }[] = [
    { node: main ?? document, isExit: false },
  ];
  for (let step = stack.pop(); step !== undefined; step = stack.pop()) {
    const { node, isExit } = step;
    if (node.nodeName === '#text' && 'value' in node) {
      writer.text(node.value);
      continue;
    }
    if (!('childNodes' in node) || skipped.has(node.nodeName)) continue;
    if (isExit) {
      writer.leave(node.nodeName);
      continue;
    }
    writer.enter(node.nodeName, attributesOf(node));
    stack.push({ node, isExit: true });
    for (const child of node.childNodes.toReversed()) stack.push({ node: child, isExit: false });
  }
  return { title, markdown: writer.end() };
}

function attributesOf(node: TreeNode): ReadonlyMap<string, string> {
  return new Map('attrs' in node ? node.attrs.map(({ name, value }) => [name, value]) : []);
}

/** The page's title, and its one main part if it says which. */
function survey(document: TreeNode): {
  readonly title: string | null;
  readonly main: TreeNode | null;
} {
  let title: string | null = null;
  const mains: TreeNode[] = [];
  const stack: TreeNode[] = [document];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (!('childNodes' in node)) continue;
    if (node.nodeName === 'title' && title === null) {
      const [text] = node.childNodes;
      title = text !== undefined && 'value' in text ? text.value.replace(/\s+/g, ' ').trim() : null;
    }
    const isMain = node.nodeName === 'main' || attributesOf(node).get('role') === 'main';
    if (isMain) mains.push(node);
    for (const child of node.childNodes) stack.push(child);
  }
  const [main] = mains;
  return {
    title: title === '' ? null : title,
    main: mains.length === 1 && main !== undefined ? main : null,
  };
}

class MarkdownWriter {
  readonly #blocks: string[] = [];
  #inline = '';
  #list: { readonly lines: string[]; readonly counters: (number | null)[] } | null = null;
  #table: { rows: string[][]; row: string[] | null; depth: number } | null = null;
  #preDepth = 0;
  #link: { readonly href: string; readonly from: number } | null = null;

  text(value: string): void {
    this.#inline += this.#preDepth > 0 ? value : value.replace(/\s+/g, ' ');
  }

  enter(name: string, attributes: ReadonlyMap<string, string>): void {
    if (this.#table !== null && this.#enterInTable(name)) return;
    if (/^h[1-6]$/.test(name) || blocks.has(name)) this.#flush();
    switch (name) {
      case 'br':
        this.#inline += this.#table === null ? '\n' : ' ';
        break;
      case 'img':
        this.text(attributes.get('alt') ?? '');
        break;
      case 'a': {
        const href = attributes.get('href') ?? '';
        const isKept = this.#link === null && /^https?:\/\/[^\s()]{1,300}$/.test(href);
        if (isKept) this.#link = { href, from: this.#inline.length };
        break;
      }
      case 'pre':
        this.#flush();
        this.#preDepth += 1;
        break;
      case 'ul':
      case 'ol':
        this.#flush();
        this.#list ??= { lines: [], counters: [] };
        this.#list.counters.push(name === 'ol' ? 0 : null);
        break;
      case 'li':
        this.#flush();
        break;
      case 'table':
        this.#table = { rows: [], row: null, depth: 1 };
        break;
    }
  }

  leave(name: string): void {
    if (name === 'a') this.#leaveLink();
    if (this.#table !== null && this.#leaveInTable(name)) return;
    const heading = /^h([1-6])$/.exec(name);
    if (heading !== null) this.#flush(`${'#'.repeat(Number(heading[1]))} `);
    else if (blocks.has(name) || name === 'li') this.#flush();
    else if (name === 'pre') this.#leavePre();
    else if ((name === 'ul' || name === 'ol') && this.#list !== null) {
      this.#flush();
      this.#list.counters.pop();
      if (this.#list.counters.length === 0) {
        if (this.#list.lines.length > 0) this.#blocks.push(this.#list.lines.join('\n'));
        this.#list = null;
      }
    }
  }

  end(): string {
    this.#flush();
    if (this.#list !== null && this.#list.lines.length > 0) {
      this.#blocks.push(this.#list.lines.join('\n'));
    }
    return this.#blocks.join('\n\n');
  }

  #leaveLink(): void {
    if (this.#link === null) return;
    const { href, from } = this.#link;
    this.#link = null;
    const label = this.#inline.slice(from);
    if (label.trim() === '' || /[[\]\n]/.test(label)) return;
    this.#inline = `${this.#inline.slice(0, from)}[${label.trim()}](${href})`;
  }

  #leavePre(): void {
    this.#preDepth -= 1;
    if (this.#preDepth > 0) return;
    const code = this.#inline.replace(/^\n|\s+$/g, '');
    this.#inline = '';
    if (code.trim() === '') return;
    const longest = Math.max(2, ...(code.match(/`+/g) ?? []).map(({ length }) => length));
    const fence = '`'.repeat(longest + 1);
    this.#blocks.push(`${fence}\n${code}\n${fence}`);
  }

  /** Ends the paragraph, heading or item that is being written. */
  #flush(prefix = ''): void {
    if (this.#preDepth > 0) return;
    const text = this.#inline
      .replace(/[^\S\n]+/g, ' ')
      .replace(/ ?\n ?/g, '\n')
      .trim();
    this.#inline = '';
    this.#link = null;
    if (text === '') return;
    if (prefix !== '') {
      this.#blocks.push(`${prefix}${text.replaceAll('\n', ' ')}`);
      return;
    }
    if (this.#list === null) {
      this.#blocks.push(escapedLines(text));
      return;
    }
    const { counters, lines } = this.#list;
    const depth = Math.min(counters.length, maxListDepth);
    const counter = counters.at(-1) ?? null;
    if (counter !== null) counters[counters.length - 1] = counter + 1;
    const mark = counter === null ? '-' : `${counter + 1}.`;
    lines.push(`${'   '.repeat(depth - 1)}${mark} ${text.replaceAll('\n', ' ')}`);
  }

  #enterInTable(name: string): boolean {
    const table = this.#table;
    if (table === null) return false;
    if (name === 'table') {
      table.depth += 1;
      return true;
    }
    if (table.depth > 1) return true;
    if (name === 'tr') table.row = [];
    if (name === 'td' || name === 'th') this.#inline = '';
    if (name === 'br') this.#inline += ' ';
    return !['a', 'img'].includes(name);
  }

  #leaveInTable(name: string): boolean {
    const table = this.#table;
    if (table === null) return false;
    if (name === 'table') {
      table.depth -= 1;
      if (table.depth > 0) return true;
      this.#table = null;
      this.#inline = '';
      const markdown = tableMarkdown(table.rows);
      if (markdown !== '') this.#blocks.push(markdown);
      return true;
    }
    if (table.depth > 1) {
      this.#inline += ' ';
      return true;
    }
    if (name === 'td' || name === 'th') {
      table.row?.push(this.#inline.replace(/\s+/g, ' ').trim());
      this.#inline = '';
    } else if (name === 'tr') {
      if (table.row?.some((cell) => cell !== '')) table.rows.push(table.row);
      table.row = null;
    } else if (name === 'caption') {
      const caption = this.#inline.replace(/\s+/g, ' ').trim();
      this.#inline = '';
      if (caption !== '') this.#blocks.push(escapedLines(caption));
    } else if (blocks.has(name) || name === 'li') this.#inline += ' ';
    return true;
  }
}

/** Rows as a table whose first row is the head. */
export function tableMarkdown(rows: readonly (readonly string[])[]): string {
  const width = rows.reduce((most, { length }) => Math.max(most, length), 0);
  if (width === 0) return '';
  const line = (cells: readonly string[]) => {
    const all = Array.from({ length: width }, (_, at) => cells[at] ?? '');
    return `| ${all.map((cell) => cell.replaceAll('|', '\\|').replace(/\s+/g, ' ').trim()).join(' | ')} |`;
  };
  const [head = [], ...rest] = rows;
  return [line(head), `|${' --- |'.repeat(width)}`, ...rest.map(line)].join('\n');
}

/** Lines that would read as something else in Markdown are kept from it. */
function escapedLines(text: string): string {
  return text.replace(/^(\s*)(#{1,6}\s|[-+*>]\s|\d{1,9}[.)]\s|```|~~~|[-=]{3,}$|\|)/gm, '$1\\$2');
}
