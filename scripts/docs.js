// The documentation as a site: every page of docs/ and decisions/ as HTML and as the Markdown it is, an index
// for programs (llms.txt), and the API reference with its script. The order of pages is that of docs/index.md.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { Marked } from 'marked';

/** Folders of Markdown, and where they appear below /docs. */
const sources = { docs: '', decisions: 'decisions' };
const swagger = ['swagger-ui-bundle.js', 'swagger-ui-standalone-preset.js', 'swagger-ui.css'];

/**
 * Writes the site into a folder that is served at `/`.
 * @param {{ root: string, target: string }} given
 */
export function buildDocs({ root, target }) {
  const out = join(target, 'docs');
  const pages = readPages(root);
  const index = pages.get('index');
  if (index === undefined) throw new Error('docs/index.md is missing');
  const sections = readSections(index);
  for (const [name, text] of pages) {
    const place = join(out, `${name}.html`);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, htmlOf({ name, text, sections, pages }));
    writeFileSync(join(out, `${name}.md`), text);
  }
  writeFileSync(join(target, 'llms.txt'), llmsText(index, sections, pages));
  cpSync(join(root, 'docs', 'screenshots'), join(out, 'screenshots'), { recursive: true });
  cpSync(join(root, 'web', 'docs'), join(out, 'assets'), { recursive: true });
  for (const file of swagger) {
    cpSync(join(root, 'node_modules', 'swagger-ui-dist', file), join(out, 'assets', file));
  }
  writeFileSync(join(out, 'reference.html'), referencePage(sections));
}

/** Every page by its name, such as `webhooks` or `decisions/0001-…`. */
export function readPages(root) {
  const pages = new Map();
  for (const [folder, below] of Object.entries(sources)) {
    const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      if (!entry.isFile() || !entry.name.endsWith('.md')) continue;
      const path = join(entry.parentPath, entry.name);
      const within = path.slice(join(root, folder).length + 1, -'.md'.length);
      const name = posix.join(below, within === 'README' ? 'index' : within);
      pages.set(name, readFileSync(path, 'utf8'));
    }
  }
  return pages;
}

/** The headings of the index with the pages below them: `- [Title](page.md): what it is about`. */
export function readSections(index) {
  const sections = [];
  for (const line of index.split('\n')) {
    const heading = /^## (.*)/.exec(line);
    if (heading !== null) sections.push({ title: heading[1], links: [] });
    const link = /^- \[(.+?)\]\((.+?)\): (.*)/.exec(line);
    if (link !== null) {
      const [, title, href, about] = link;
      sections.at(-1)?.links.push({ title, name: href.replace(/\.md$/, ''), about });
    }
  }
  return sections;
}

function htmlOf({ name, text, sections, pages }) {
  const title = /^# (.*)/m.exec(text)?.[1] ?? name;
  const body = renderer(name, pages).parse(text);
  const plain = `<p class="plain"><a href="/docs/${name}.md">This page as Markdown</a></p>`;
  return pageOf({ title, sections, current: name, main: `${body}${plain}` });
}

function pageOf({ title, sections, current, main, head = '' }) {
  const nav = sections.map(({ title: heading, links }) => {
    const items = links.map(({ title: label, name }) => {
      const here = name === current ? ' aria-current="page"' : '';
      return `<li><a href="/docs/${name}"${here}>${escaped(label)}</a></li>`;
    });
    return `<p class="plain">${escaped(heading)}</p><ul>${items.join('')}</ul>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title.replaceAll('`', ''))} · Signalbox</title>
<link rel="stylesheet" href="/docs/assets/style.css">${head}
</head>
<body>
<a class="skip" href="#main">To the text</a>
<div class="frame">
<nav aria-label="Documentation"><p><a class="brand" href="/docs">Signalbox</a></p>${nav.join('')}</nav>
<main id="main">${main}</main>
</div>
</body>
</html>
`;
}

function referencePage(sections) {
  const head =
    '<link rel="stylesheet" href="/docs/assets/swagger-ui.css">' +
    swagger
      .filter((file) => file.endsWith('.js'))
      .map((file) => `<script src="/docs/assets/${file}" defer></script>`)
      .join('') +
    '<script src="/docs/assets/reference.js" defer></script>';
  const main = '<h1>API reference</h1><div id="reference"></div>';
  return pageOf({ title: 'API reference', sections, current: 'reference', main, head });
}

function renderer(name, pages) {
  const taken = new Map();
  const renderer = {
    heading({ tokens, depth }) {
      const text = this.parser.parseInline(tokens);
      const slug = slugOf(text);
      const times = taken.get(slug) ?? 0;
      taken.set(slug, times + 1);
      return `<h${depth} id="${times === 0 ? slug : `${slug}-${times}`}">${text}</h${depth}>\n`;
    },
    link({ href, title, tokens }) {
      const about = title ? ` title="${escaped(title)}"` : '';
      const text = this.parser.parseInline(tokens);
      const place = placeOf(name, href, pages);
      return place === null ? text : `<a href="${escaped(place)}"${about}>${text}</a>`;
    },
    image({ href, text }) {
      const place = posix.join('/docs', posix.dirname(name), href);
      return `<img src="${escaped(place)}" alt="${escaped(text)}">`;
    },
  };
  const tables = {
    postprocess: (html) =>
      html
        .replaceAll('<table>', '<div class="table" tabindex="0"><table>')
        .replaceAll('</table>', '</table></div>'),
  };
  return new Marked({ renderer, hooks: tables });
}

/** Where a link of a page leads on the site; null for source, which it does not hold. Throws on what is neither. */
export function placeOf(name, href, pages) {
  if (/^([a-z]+:|#|\/)/.test(href)) return href;
  const [path = '', hash] = href.split('#');
  const from = name.startsWith('decisions/') ? name : `docs/${name}`;
  const target = posix.join(posix.dirname(from), path).replace(/\.md$/, '');
  const page = target
    .replace(/^docs\/?/, '')
    .replace(/^$/, 'index')
    .replace(/README$/, 'index');
  if (pages.has(page) || page === 'reference') {
    return `/docs${page === 'index' ? '' : `/${page}`}${hash === undefined ? '' : `#${hash}`}`;
  }
  if (target.startsWith('docs/openapi')) return '/docs/reference';
  if (/^(src|test)\//.test(target)) return null;
  throw new Error(`The page ${basename(name)} links to ${href}, which is no page`);
}

function llmsText(index, sections, pages) {
  const lines = [index.split('\n## ')[0].trim(), ''];
  for (const { title, links } of sections) {
    lines.push(`## ${title}`, '');
    for (const { title: label, name, about } of links) {
      const place = pages.has(name) ? `/docs/${name}.md` : `/docs/${name}`;
      lines.push(`- [${label}](${place}): ${about}`);
    }
    lines.push('');
  }
  return `${lines.join('\n').trim()}\n`;
}

function slugOf(html) {
  return html
    .replace(/<[^>]+>/g, '')
    .toLowerCase()
    .replace(/&[a-z]+;/g, '')
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replace(/\s+/g, '-');
}

function escaped(text) {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
