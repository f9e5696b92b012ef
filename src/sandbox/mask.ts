import { isUtf8 } from 'node:buffer';

// Secrets in what comes back of a call: found by their value, in the forms that code and libraries give
// them, and replaced by their names.
//
// Not protected: values of fewer than 8 characters, and values that the code itself takes apart, encodes in
// another way or sends to an allowed host. Who may write a tool may read the secrets it names.

export const minMaskedChars = 8;
/** A value that was cut off at the end of a text is known by so many of its first characters. */
const minCutChars = 4;

export interface Mask {
  /** `cutAt`: where the text was cut off by us, so that a value may have lost its end there. */
  text(text: string, cutAt?: number | null): string;
  /** JSON text with its strings and numbers masked; still JSON, and untouched where nothing was found. */
  json(json: string): string;
  /** A file: as text where it is UTF-8, else wherever a form stands in it as it is. */
  bytes(bytes: Buffer): Buffer;
}

/** Values by name. Short ones are left alone: they would be found everywhere. */
export function createMask(secrets: Readonly<Record<string, string>>): Mask {
  const root = emptyNode('');
  const beginnings: Buffer[] = [];
  for (const [name, value] of Object.entries(secrets)) {
    for (const form of formsOf(value)) {
      const bytes = Buffer.from(form);
      beginnings.push(bytes.subarray(0, treeDepth));
      // The second is how it stands in bytes that are no text.
      for (const shown of new Set([form, bytes.toString('latin1')])) {
        addForm(root, shown, `[secret ${name}]`);
      }
    }
  }
  const isEmpty = root.next.size === 0;
  const text = (given: string, cutAt: number | null = null) =>
    isEmpty ? given : maskText(root, given, cutAt);
  return {
    text,
    json: (json) =>
      isEmpty
        ? json
        : json.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?[0-9][-+.0-9eE]*/g, (token) => {
            const given: unknown = token.startsWith('"') ? JSON.parse(token) : token;
            const masked = text(String(given));
            return masked === given ? token : JSON.stringify(masked);
          }),
    bytes: (bytes) => {
      // Files are large, and almost none holds a secret.
      if (!beginnings.some((beginning) => bytes.includes(beginning))) return bytes;
      const encoding = isUtf8(bytes) ? 'utf8' : 'latin1';
      return Buffer.from(text(bytes.toString(encoding)), encoding);
    },
  };
}

// Forms are looked for all at once, in a tree of their first characters: whoever writes a tool can set
// secrets and print what is almost them, and must not keep the server busy by it. What has a long form's
// first `treeDepth` characters is masked as far as it agrees with the form.

const treeDepth = 64;

interface Node {
  readonly next: Map<number, Node>;
  /** Of a form that leads here. */
  readonly label: string;
  isEnd: boolean;
  /** What follows in the forms that are longer than the tree is deep. */
  readonly rests: string[];
}

function emptyNode(label: string): Node {
  return { next: new Map(), label, isEnd: false, rests: [] };
}

function addForm(root: Node, form: string, label: string): void {
  let node = root;
  for (let at = 0; at < form.length && at < treeDepth; at++) {
    const unit = form.charCodeAt(at);
    const next = node.next.get(unit) ?? emptyNode(label);
    node.next.set(unit, next);
    node = next;
  }
  node.isEnd = true;
  if (form.length > treeDepth) node.rests.push(form.slice(treeDepth));
}

function maskText(root: Node, text: string, cutAt: number | null): string {
  let masked = '';
  let copiedTo = 0;
  let holeEnd = 0;
  for (let at = 0; at < text.length; at++) {
    const found = longestAt(root, text, { at, cutAt });
    if (found === null || found.to <= holeEnd) continue;
    // Overlapping finds are one hole.
    if (at >= holeEnd) masked += text.slice(copiedTo, at) + found.label;
    holeEnd = found.to;
    copiedTo = holeEnd;
    // What begins in the last characters of the hole may end beyond it.
    at = Math.max(at, holeEnd - treeDepth);
  }
  return masked + text.slice(copiedTo);
}

/** The longest form that stands at `at`, or is cut off at `cutAt` after that. */
function longestAt(
  root: Node,
  text: string,
  { at, cutAt }: { readonly at: number; readonly cutAt: number | null },
): { readonly to: number; readonly label: string } | null {
  let found: { to: number; label: string } | null = null;
  let node = root;
  for (let to = at; ; to++) {
    if (node.isEnd) found = { to: to + agreement(node.rests, text, to), label: node.label };
    if (to === cutAt && to - at >= minCutChars) found ??= { to, label: node.label };
    const next = node.next.get(text.charCodeAt(to));
    if (next === undefined) return found;
    node = next;
  }
}

/** How far the text from `from` on agrees with one of the rests. */
function agreement(rests: readonly string[], text: string, from: number): number {
  let longest = 0;
  for (const rest of rests) {
    let size = 0;
    while (size < rest.length && rest.charCodeAt(size) === text.charCodeAt(from + size)) size += 1;
    longest = Math.max(longest, size);
  }
  return longest;
}

/** Every way in which a value is looked for. */
function formsOf(value: string): readonly string[] {
  // Of a key that is written in lines, each line is as good as the whole.
  const values = [value, value.trim(), ...(value.includes('\n') ? value.split(/\r?\n/) : [])];
  const forms = values
    .filter((text) => text.length >= minMaskedChars)
    .flatMap((text) => [
      text,
      ...quotedForms(text),
      ...urlForms(text),
      ...base64Forms(Buffer.from(text)),
      Buffer.from(text).toString('hex'),
    ]);
  return [...new Set(forms)].filter((form) => form.length >= minMaskedChars);
}

/** As JSON and the languages' own ways of showing a string write it. */
function quotedForms(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const ascii = json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${hex(unit.charCodeAt(0), 4)}`);
  return [
    json,
    ascii,
    json.replaceAll('\\"', '"'),
    text.replaceAll('\\', '\\\\').replaceAll("'", "\\'"),
  ];
}

function urlForms(text: string): readonly string[] {
  const component = encodeURIComponent(text.toWellFormed());
  const strict = component.replace(
    /[!'()*]/g,
    (char) => `%${hex(char.charCodeAt(0), 2).toUpperCase()}`,
  );
  const forms = [component, strict, strict.replaceAll('%2F', '/'), encodeURI(text.toWellFormed())];
  const inForm = new URLSearchParams({ '': text }).toString().slice(1);
  return [...forms, inForm]
    .flatMap((form) => [form, form.replaceAll('%20', '+')])
    .flatMap((form) => [form, form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())]);
}

/**
 * Of the value alone, and of what is sure to be there when it stands within something longer (as in
 * `user:password`): three positions, less the characters that its neighbours have a part in.
 */
function base64Forms(bytes: Buffer): readonly string[] {
  const within = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const from = Math.ceil((offset * 8) / 6);
    const isWhole = (offset + bytes.length) % 3 === 0;
    return encoded.slice(from, isWhole ? undefined : -1);
  });
  return [bytes.toString('base64'), bytes.toString('base64').replace(/=+$/, ''), ...within].flatMap(
    (form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')],
  );
}

function hex(code: number, width: number): string {
  return code.toString(16).padStart(width, '0');
}
