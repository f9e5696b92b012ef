import type { SourceType } from '../../core/knowledge.ts';

// What files are by their names and media types.

const byExtension: Readonly<Record<string, SourceType>> = {
  md: 'markdown',
  markdown: 'markdown',
  mdx: 'markdown',
  txt: 'text',
  text: 'text',
  log: 'text',
  htm: 'html',
  html: 'html',
  xhtml: 'html',
  pdf: 'pdf',
  docx: 'docx',
  csv: 'csv',
  tsv: 'csv',
};

const byMediaType: Readonly<Record<string, SourceType>> = {
  'text/markdown': 'markdown',
  'text/html': 'html',
  'application/xhtml+xml': 'html',
  'application/pdf': 'pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'text/csv': 'csv',
  'text/tab-separated-values': 'csv',
};

/** What a name or media type promises; null when neither says. */
export function namedSourceType(name: string | null, mediaType: string | null): SourceType | null {
  const type = mediaType?.split(';')[0]?.trim().toLowerCase() ?? '';
  const extension = /\.([a-z0-9]+)$/.exec(name?.toLowerCase() ?? '')?.[1] ?? '';
  return byMediaType[type] ?? byExtension[extension] ?? (type === 'text/plain' ? 'text' : null);
}
