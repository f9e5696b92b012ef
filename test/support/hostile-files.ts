import { crc32, deflateRawSync, deflateSync } from 'node:zlib';
import { seededRandom } from './seeded-random.ts';

export interface HostileFile {
  readonly name: string;
  readonly bytes: Buffer;
  /** It is to be read, and to say this. */
  readonly says?: string;
  /** It is to be refused, with this reason. */
  readonly refused?: RegExp;
}

const text = (name: string, body: string, more: Partial<HostileFile> = {}): HostileFile => ({
  name,
  bytes: Buffer.from(body),
  ...more,
});

/** More than two hundred files that are broken, hostile, huge or in strange encodings; the same for a seed. */
export function hostileFiles(seed: number): readonly HostileFile[] {
  const random = seededRandom(seed);
  const damaged = (name: string, whole: Buffer, count: number): HostileFile[] =>
    Array.from({ length: count }, (_, n) => {
      const bytes = Buffer.from(whole);
      for (let hits = 0; hits < 1 + n; hits++) {
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      }
      return { name: `${n}-damaged.${name}`, bytes };
    });
  const cut = (name: string, whole: Buffer, count: number): HostileFile[] =>
    Array.from({ length: count }, (_, n) => ({
      name: `${n}-cut.${name}`,
      bytes: whole.subarray(0, 1 + Math.floor((whole.length * n) / count)),
    }));
  const noise = (name: string, count: number): HostileFile[] =>
    Array.from({ length: count }, (_, n) => ({
      name: `${n}-noise.${name}`,
      bytes: Buffer.from(Array.from({ length: 2_000 }, () => Math.floor(random() * 256))),
    }));
  const docx = docxOf('<w:p><w:r><w:t>The fox is red.</w:t></w:r></w:p>');
  const pdf = pdfOf('(The fox is red.) Tj');
  return [
    { name: 'whole.docx', bytes: docx, says: 'The fox is red.' },
    ...cut('docx', docx, 20),
    ...damaged('docx', docx, 20),
    ...hostileArchives(),
    { name: 'whole.pdf', bytes: pdf, says: 'The fox is red.' },
    ...cut('pdf', pdf, 20),
    ...damaged('pdf', pdf, 25),
    ...hostilePdfs(),
    ...['pdf', 'docx', 'html', 'md', 'csv', 'txt', 'bin'].flatMap((name) => noise(name, 6)),
    ...hostileHtml(),
    ...hostileMarkdown(),
    ...hostileCsv(),
    ...encodings(),
  ];
}

function hostileArchives(): HostileFile[] {
  const unpacks = /unpacks to more than/;
  const bomb = zipOf([{ path: 'word/document.xml', data: Buffer.alloc(66 * 1_048_576, 0x20) }]);
  const lying = Buffer.from(bomb);
  // What the directory says of its size is not true.
  const at = lying.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1'));
  lying.writeUInt32LE(100, at + 24);
  const laughs = Array.from({ length: 12 }, (_, n) => {
    const before = n === 0 ? 'ha' : `&l${n - 1};`;
    return `<!ENTITY l${n} "${before.repeat(10)}">`;
  });
  const many = Array.from({ length: 5_100 }, (_, n) => ({ path: `x${n}`, data: Buffer.alloc(1) }));
  return [
    { name: 'bomb.docx', bytes: bomb, refused: unpacks },
    { name: 'lying.docx', bytes: lying, refused: unpacks },
    { name: 'many.docx', bytes: zipOf(many), refused: unpacks },
    { name: 'empty.docx', bytes: zipOf([]), refused: /no DOCX/ },
    {
      name: 'other.docx',
      bytes: zipOf([{ path: 'a.txt', data: Buffer.from('a') }]),
      refused: /no DOCX/,
    },
    {
      name: 'laughs.docx',
      bytes: docxOf('<w:p><w:r><w:t>&l11;</w:t></w:r></w:p>', `<!DOCTYPE x [${laughs.join('')}]>`),
    },
    { name: 'deep.docx', bytes: docxOf(`${'<w:p>'.repeat(50_000)}${'</w:p>'.repeat(50_000)}`) },
    { name: 'zip.pdf', bytes: docxOf(''), refused: /ZIP archive/ },
    { name: 'zip.md', bytes: docxOf(''), refused: /ZIP archive/ },
    {
      name: 'old.doc',
      bytes: Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      refused: /old Office format/,
    },
    text('named.docx', 'only text', { refused: /no DOCX/ }),
    text('named.pdf', 'only text', { refused: /no PDF/ }),
  ];
}

function hostilePdfs(): HostileFile[] {
  const packed = deflateSync(Buffer.alloc(100 * 1_048_576, 0x20));
  const bomb = pdfFile([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>',
    Buffer.concat([
      Buffer.from(`<< /Length ${packed.length} /Filter /FlateDecode >>\nstream\n`),
      packed,
      Buffer.from('\nendstream'),
    ]),
  ]);
  const circle = pdfFile([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>',
  ]);
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  return [
    { name: 'bomb.pdf', bytes: bomb },
    { name: 'circle.pdf', bytes: circle },
    { name: 'deep.pdf', bytes: pdfFile([`<< /Type /Catalog /Pages ${deep} >>`]) },
    { name: 'count.pdf', bytes: pdfOf('', 900_000_000) },
    { name: 'pictures.pdf', bytes: pdfOf(''), refused: /has no text/ },
    text('head.pdf', '%PDF-1.7', { refused: /damaged/ }),
  ];
}

function hostileHtml(): HostileFile[] {
  const nested = (tag: string, times: number) => `<${tag}>`.repeat(times);
  return [
    text('deep.html', `${nested('div', 100_000)}deep down`, { says: 'deep down' }),
    text('lists.html', `${nested('ul><li', 5_000)}leaf`, { says: 'leaf' }),
    text('tables.html', `${nested('table><tr><td', 3_000)}cell`),
    text('bold.html', `${nested('b', 3_000)}<p>`.repeat(3)),
    text('links.html', '<a href="x">'.repeat(20_000)),
    text(
      'attributes.html',
      `<p ${Array.from({ length: 30_000 }, (_, n) => `a${n}=1`).join(' ')}>said`,
      { says: 'said' },
    ),
    text('attribute.html', `<p title="${'x'.repeat(3_000_000)}">said`, { says: 'said' }),
    text('script.html', `<script>${'x('.repeat(500_000)}</script><p>said`, { says: 'said' }),
    text('open.html', '<h1>Open<p>One<p>Two', { says: 'Two' }),
    text('entities.html', '<p>&#xFFFFFFFF;&#0;&bogus;&amp;said', { says: 'said' }),
    text('comment.html', `<p>said<!-- ${'-'.repeat(500_000)}`, { says: 'said' }),
    text('wide.html', `<table>${'<tr>'.concat('<td>x'.repeat(20_000))}`),
    text('nothing.html', '<html><head><title>Only a title</title></head></html>', {
      refused: /no text/,
    }),
    text('frames.html', '<iframe src="file:///etc/passwd"></iframe><p>said', { says: 'said' }),
    { name: 'nul.html', bytes: Buffer.from('<p>sa\0id'), says: 'said' },
  ];
}

function hostileMarkdown(): HostileFile[] {
  return [
    text('quotes.md', `${'> '.repeat(5_000)}deep`),
    text('lists.md', Array.from({ length: 300 }, (_, n) => `${' '.repeat(n * 2)}- x`).join('\n')),
    text('brackets.md', '['.repeat(50_000)),
    text('pairs.md', '[a]('.repeat(20_000)),
    text('stars.md', '*a_'.repeat(8_000)),
    text('ticks.md', Array.from({ length: 500 }, (_, n) => '`'.repeat(n)).join(' ')),
    text('hashes.md', '#'.repeat(500_000)),
    text('headings.md', '# x\n'.repeat(50_000)),
    text('table.md', `|${'a|'.repeat(5_000)}\n|${'-|'.repeat(5_000)}\n|${'b|'.repeat(5_000)}`),
    text('rows.md', `| a |\n| - |\n${'| row |\n'.repeat(50_000)}`, { says: 'row' }),
    text('line.md', 'x'.repeat(4_000_000)),
    text('words.md', 'word '.repeat(500_000), { says: 'word' }),
    text('long.md', 'x '.repeat(3_000_000), { refused: /more than 5000000 characters/ }),
    text('emoji.md', '👩‍👩‍👧‍👦'.repeat(20_000)),
    text('marks.md', `a${'\u0301'.repeat(200_000)}`),
    text('rules.md', '---\n'.repeat(50_000)),
    text('html.md', '<div>'.repeat(50_000)),
    text('fence.md', `\`\`\`\n${'code\n'.repeat(50_000)}`, { says: 'code' }),
    text('spaces.md', ' \n'.repeat(500_000), { refused: /no text/ }),
    text('definitions.md', Array.from({ length: 20_000 }, (_, n) => `[${n}]: /x`).join('\n')),
  ];
}

function hostileCsv(): HostileFile[] {
  return [
    text('quote.csv', 'a,b\n"never closed,1\n'),
    text('ragged.csv', 'a,b\n1\n1,2,3\n', { says: '| 1 | 2 | 3 |' }),
    text('semicolons.csv', 'Tag;Preis\nMontag;1,50\n', { says: '| Montag | 1,50 |' }),
    text('tabs.tsv', 'a\tb\n1\t2\n', { says: '| 1 | 2 |' }),
    text('columns.csv', `${'x,'.repeat(10_000)}\n1\n`),
    text('cell.csv', `a\n"${'x'.repeat(2_000_000)}"\n`),
    text('pipes.csv', 'a,b\n"x|y","line\nbreak"\n', { says: 'x\\|y | line break' }),
    text('rows.csv', `n,said\n${Array.from({ length: 30_000 }, (_, n) => `${n},row`).join('\n')}`, {
      says: '29999',
    }),
    text('formula.csv', 'a\n=cmd|calc\n', { says: '=cmd\\|calc' }),
    { name: 'nul.csv', bytes: Buffer.from('a,b\n\0,\0\n1,2\n') },
  ];
}

/** Words in encodings that do not say what they are, or say it wrongly. */
function encodings(): HostileFile[] {
  const utf16 = (value: string) => Buffer.from(value, 'utf16le');
  const german =
    'Die Küche schließt um zehn. Für späte Gäste gibt es Käse und Brötchen im Kühlschrank.';
  const bytes = (name: string, hex: string, says: string): HostileFile => ({
    name,
    bytes: Buffer.from(hex.replaceAll(' ', ''), 'hex'),
    says,
  });
  return [
    { name: 'mark.txt', bytes: Buffer.from(`\uFEFF${german}`), says: german },
    {
      name: 'utf16.txt',
      bytes: Buffer.concat([Buffer.from([0xff, 0xfe]), utf16(german)]),
      says: german,
    },
    {
      name: 'utf16be.txt',
      bytes: Buffer.concat([Buffer.from([0xfe, 0xff]), utf16(german).swap16()]),
      says: german,
    },
    { name: 'utf16-unmarked.txt', bytes: utf16(german), says: 'Küche' },
    { name: 'latin1.txt', bytes: Buffer.from(german, 'latin1'), says: german },
    {
      name: 'said-wrong.html',
      bytes: Buffer.from(`<meta charset="iso-8859-1"><p>${german}`),
      says: german,
    },
    {
      name: 'said.html',
      bytes: Buffer.from(`<meta charset="iso-8859-1"><p>${german}`, 'latin1'),
      says: german,
    },
    // «Кухня закрывается в десять часов вечера» in windows-1251.
    bytes(
      'cyrillic.txt',
      'ca f3 f5 ed ff 20 e7 e0 ea f0 fb e2 e0 e5 f2 f1 ff 20 e2 20 e4 e5 f1 ff f2 fc 20 f7 e0 f1 ee e2 20 e2 e5 f7 e5 f0 e0',
      'Кухня закрывается',
    ),
    // 「日本語のテキストです。」 in Shift_JIS.
    bytes(
      'japanese.txt',
      '93 fa 96 7b 8c ea 82 cc 83 65 83 4c 83 58 83 67 82 c5 82 b7 81 42',
      '日本語のテキスト',
    ),
    {
      name: 'mixed.txt',
      bytes: Buffer.concat([Buffer.from(`${german}\n`), Buffer.from('Stühle', 'latin1')]),
      says: 'schlie',
    },
    { name: 'surrogate.txt', bytes: Buffer.from('eda0bd 20 41'.replaceAll(' ', ''), 'hex') },
    { name: 'empty.txt', bytes: Buffer.from('   '), refused: /no text/ },
  ];
}

function docxOf(body: string, before = ''): Buffer {
  const types =
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>';
  const relations =
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>';
  const document = `<?xml version="1.0"?>${before}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`;
  return zipOf([
    { path: '[Content_Types].xml', data: Buffer.from(types) },
    { path: '_rels/.rels', data: Buffer.from(relations) },
    { path: 'word/document.xml', data: Buffer.from(document) },
  ]);
}

function zipOf(entries: readonly { readonly path: string; readonly data: Buffer }[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { path, data } of entries) {
    const name = Buffer.from(path);
    const packed = deflateRawSync(data);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(20, 4);
    head.writeUInt16LE(8, 8);
    head.writeUInt32LE(crc32(data), 14);
    head.writeUInt32LE(packed.length, 18);
    head.writeUInt32LE(data.length, 22);
    head.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    head.copy(entry, 6, 4, 30);
    entry.writeUInt32LE(at, 42);
    parts.push(head, name, packed);
    directory.push(entry, name);
    at += head.length + name.length + packed.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, listed, end]);
}

/** One page that draws this. */
function pdfOf(drawing: string, count = 1): Buffer {
  const stream = `BT /F1 12 Tf 72 720 Td ${drawing} ET`;
  return pdfFile([
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [3 0 R] /Count ${count} >>`,
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]);
}

function pdfFile(objects: readonly (string | Buffer)[]): Buffer {
  const parts = [Buffer.from('%PDF-1.4\n')];
  const offsets: number[] = [];
  let at = parts[0]?.length ?? 0;
  for (const [index, object] of objects.entries()) {
    const part = Buffer.concat([
      Buffer.from(`${index + 1} 0 obj\n`),
      Buffer.from(object),
      Buffer.from('\nendobj\n'),
    ]);
    offsets.push(at);
    parts.push(part);
    at += part.length;
  }
  const lines = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n `);
  const table = ['xref', `0 ${objects.length + 1}`, '0000000000 65535 f ', ...lines].join('\n');
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${at}\n%%EOF`;
  return Buffer.concat([...parts, Buffer.from(`${table}\n${trailer}`)]);
}
