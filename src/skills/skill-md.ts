import { isMap, isNode, isScalar, parseDocument, stringify } from 'yaml';
import { skillMaxima } from '../core/skill.ts';
import { readYaml } from '../tools/openapi/read-yaml.ts';

// SKILL.md as agentskills.io describes it: YAML front matter between two lines of `---`, then instructions.
// It is kept byte by byte; only what is changed through the API is written anew, and the rest of it stays.

export interface SkillMd {
  readonly name: string;
  readonly description: string;
  /** Null: the front matter does not restrict them. */
  readonly allowedTools: readonly string[] | null;
  /** What follows the front matter, without the empty line after it. */
  readonly body: string;
}

const maxHeaderLength = 16_384;
const fenced = /^\uFEFF?---[ \t]*\r?\n((?:[\s\S]*?\r?\n)??)---[ \t]*(?:\r?\n|$)/;

export const skillNameForm = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
/** A name, or one with a pattern in parentheses, as other products write them: `Bash(git add:*)`. */
export const allowedToolForm = /^[^\s,()]+(?:\([^()\n]*\))?$/;

/** What a SKILL.md says, or what is wrong with it, to be read after its name. */
export function readSkillMd(
  text: string,
): ({ readonly ok: true } & SkillMd) | { readonly ok: false; readonly problem: string } {
  const parts = partsOf(text);
  if (parts === null) {
    return wrong('must begin with YAML front matter between two lines of ---');
  }
  if (parts.yaml.length > maxHeaderLength) {
    return wrong(`has more than ${maxHeaderLength} characters of front matter`);
  }
  let value: unknown;
  try {
    value = readYaml(parts.yaml);
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return wrong(`has front matter that is not valid YAML: ${reason.replace(/[.:]$/, '')}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return wrong('has front matter that is no YAML object');
  }
  return readFields(value as Record<string, unknown>, parts.body);
}

/**
 * The text of a SKILL.md that says this: `before` with what differs written anew, or a new one. `before` must
 * be readable.
 */
export function writeSkillMd(before: string | null, wanted: SkillMd): string {
  const parts = before === null ? null : partsOf(before);
  const read = before === null ? null : readSkillMd(before);
  if (parts === null || read?.ok !== true) {
    const { name, description, allowedTools } = wanted;
    const tools = allowedTools === null ? {} : { 'allowed-tools': allowedTools.join(' ') };
    const yaml = stringify({ name, description, ...tools }, { lineWidth: 0 });
    return `---\n${yaml}---\n\n${wanted.body}`;
  }
  const body = read.body === wanted.body ? parts.rest : `\n${wanted.body}`;
  const isSameHeader =
    read.name === wanted.name &&
    read.description === wanted.description &&
    JSON.stringify(read.allowedTools) === JSON.stringify(wanted.allowedTools);
  const header = isSameHeader ? parts.header : `---\n${withFields(parts.yaml, read, wanted)}---\n`;
  return header + body;
}

function withFields(yaml: string, before: SkillMd, wanted: SkillMd): string {
  let text = yaml;
  if (wanted.name !== before.name) text = withField(text, 'name', wanted.name);
  if (wanted.description !== before.description) {
    text = withField(text, 'description', wanted.description);
  }
  if (JSON.stringify(wanted.allowedTools) !== JSON.stringify(before.allowedTools)) {
    text = withField(text, 'allowed-tools', wanted.allowedTools?.join(' ') ?? null);
  }
  return text.endsWith('\n') || text === '' ? text : `${text}\n`;
}

/** The text with that field set, or taken out; everything else is as it was written. */
function withField(yaml: string, key: string, value: string | null): string {
  const document = parseDocument(yaml, { schema: 'core', uniqueKeys: false });
  const map = document.contents;
  if (!isMap(map) || map.flow === true) {
    if (value === null) document.delete(key);
    else document.set(key, value);
    return document.toString({ lineWidth: 0 });
  }
  const line = value === null ? '' : stringify({ [key]: value }, { lineWidth: 0 });
  const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key);
  if (pair === undefined) return `${yaml}${yaml.endsWith('\n') ? '' : '\n'}${line}`;
  const start = rangeOf(pair.key)[0];
  const end = isNode(pair.value) ? rangeOf(pair.value)[1] : rangeOf(pair.key)[1] + 1;
  const rest = yaml.slice(end);
  // The range of a block ends behind its last line break.
  const isWholeLine = yaml[end - 1] === '\n';
  if (value === null) {
    return yaml.slice(0, start) + (isWholeLine ? rest : rest.replace(/^[^\n]*\n?/, ''));
  }
  return yaml.slice(0, start) + (isWholeLine ? line : line.trimEnd()) + rest;
}

function rangeOf(node: unknown): readonly [number, number, number] {
  const range = isNode(node) ? node.range : null;
  if (range === null || range === undefined) throw new Error('A parsed node has its place.');
  return range;
}

function readFields(fields: Record<string, unknown>, body: string): ReturnType<typeof readSkillMd> {
  const { name, description } = fields;
  if (typeof name !== 'string' || !skillNameForm.test(name) || name.length > 64) {
    return wrong(
      'must have a "name" of 1 to 64 lower-case letters, digits and single hyphens in its front matter',
    );
  }
  const words = typeof description === 'string' ? description.trim() : '';
  if (words === '' || words.length > skillMaxima.descriptionLength) {
    return wrong(
      `must have a "description" of 1 to ${skillMaxima.descriptionLength} characters in its front matter`,
    );
  }
  const allowedTools = readAllowedTools(fields['allowed-tools']);
  if (allowedTools === undefined) {
    return wrong(
      'has "allowed-tools" that are no names of tools: write them with blanks or commas in between, or as a list',
    );
  }
  return { ok: true, name, description: words, allowedTools, body };
}

/** Undefined: it is not what it should be. */
function readAllowedTools(given: unknown): readonly string[] | null | undefined {
  if (given === undefined || given === null) return null;
  const names =
    typeof given === 'string'
      ? (given.match(/(?:[^\s,()]|\([^()]*\))+/g) ?? [])
      : Array.isArray(given)
        ? given
        : undefined;
  if (names === undefined || names.length > skillMaxima.allowedTools) return undefined;
  return names.every((name) => typeof name === 'string' && allowedToolForm.test(name))
    ? [...new Set(names as string[])]
    : undefined;
}

function partsOf(text: string): {
  readonly header: string;
  readonly yaml: string;
  /** Everything after the header. */
  readonly rest: string;
  readonly body: string;
} | null {
  const found = fenced.exec(text);
  if (found === null) return null;
  const [header, yaml = ''] = found;
  const rest = text.slice(header.length);
  return { header, yaml, rest, body: rest.replace(/^\r?\n/, '') };
}

function wrong(problem: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem };
}
