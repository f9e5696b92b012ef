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
}

interface Form {
  readonly text: string;
  readonly label: string;
}

/** Values by name. Short ones are left alone: they would be found everywhere. */
export function createMask(secrets: Readonly<Record<string, string>>): Mask {
  const forms = Object.entries(secrets).flatMap(([name, value]) =>
    formsOf(value).map((text): Form => ({ text, label: `[secret ${name}]` })),
  );
  const text = (given: string, cutAt: number | null = null) => maskText(forms, given, cutAt);
  return {
    text,
    json: (json) =>
      forms.length === 0
        ? json
        : json.replace(/"(?:[^"\\]|\\.)*"|-?[0-9][-+.0-9eE]*/g, (token) => {
            const given: unknown = token.startsWith('"') ? JSON.parse(token) : token;
            const masked = text(String(given));
            return masked === given ? token : JSON.stringify(masked);
          }),
  };
}

function maskText(forms: readonly Form[], text: string, cutAt: number | null): string {
  const found = forms.flatMap((form) => occurrences(form, text));
  if (cutAt !== null) {
    const cut = forms.flatMap((form) => cutOccurrence(form, text.slice(0, cutAt)));
    found.push(...cut);
  }
  if (found.length === 0) return text;
  found.sort((a, b) => a.from - b.from || b.to - a.to);
  let masked = '';
  let at = 0;
  for (const { from, to, label } of found) {
    // Overlapping finds are one hole.
    if (from >= at) masked += text.slice(at, from) + label;
    at = Math.max(at, to);
  }
  return masked + text.slice(at);
}

interface Found {
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

function occurrences(form: Form, text: string): Found[] {
  const found: Found[] = [];
  for (let at = text.indexOf(form.text); at !== -1; at = text.indexOf(form.text, at + 1)) {
    found.push({ from: at, to: at + form.text.length, label: form.label });
  }
  return found;
}

function cutOccurrence({ text: form, label }: Form, text: string): Found[] {
  for (let size = Math.min(form.length - 1, text.length); size >= minCutChars; size--) {
    if (!text.endsWith(form.slice(0, size))) continue;
    return [{ from: text.length - size, to: text.length, label }];
  }
  return [];
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
