import type { Comment, Node, Pattern } from 'acorn';
import { parse as parseComments, type Spec } from 'comment-parser';
import type { ToolParameter } from '../../core/custom-tool.ts';
import type { CodeParameters, UnmappedParameter } from '../../core/sandbox.ts';
import type { FunctionNode } from './find-main.ts';
import { readJsdocType, UnmappedType } from './jsdoc-type.ts';
import { literalOf } from './literal-of.ts';

// A tool's parameters from the first parameter of `main`: what it takes apart with its defaults, and what a
// JSDoc comment right before it says. Nothing of the tool is executed.

/** Longer ones are no description of parameters: at most 200 of those are taken. */
const maxCommentLength = 65_536;
const maxTags = 500;

interface Named {
  readonly name: string;
  readonly line: number | null;
  /** What the function takes when the argument is left out; null without a default. */
  readonly fallback: Node | null;
}

/** `from`: where the statement begins that defines `main`. */
export function javascriptParameters(given: {
  readonly main: FunctionNode;
  readonly from: number;
  readonly code: string;
  readonly comments: readonly Comment[];
}): CodeParameters {
  const pattern = withoutDefault(given.main.params[0]);
  if (pattern === undefined) return { found: {}, unmapped: [] };
  const named = pattern.type === 'ObjectPattern' ? membersOf(pattern.properties) : [];
  const tags = tagsOf(given);
  const rootName = rootOf(tags, pattern, named);
  const documented = new Map(
    tags
      .filter(({ name }) => name !== rootName)
      .map((tag) => [withoutRoot(tag.name, rootName), tag] as const),
  );
  const line = given.main.loc?.start.line ?? null;
  const all = new Map(named.map((each) => [each.name, each]));
  const others = namesOf(given.main.params.slice(1));
  for (const path of takesMore(pattern) ? documented.keys() : []) {
    const [name = ''] = path.split(/[.[]/);
    if (!all.has(name) && !others.has(name)) all.set(name, { name, line, fallback: null });
  }
  const found: [string, ToolParameter][] = [];
  const unmapped: UnmappedParameter[] = [];
  for (const each of all.values()) {
    try {
      found.push([each.name, definitionOf(each, documented)]);
    } catch (error) {
      if (!(error instanceof UnmappedType)) throw error;
      unmapped.push({ name: each.name, message: error.message, line: each.line });
    }
  }
  return { found: Object.fromEntries(found), unmapped };
}

function definitionOf(named: Named, documented: ReadonlyMap<string, Spec>): ToolParameter {
  const tag = documented.get(named.name);
  const fallback = named.fallback && literalOf(named.fallback);
  const hasDefault = named.fallback !== null;
  if (tag === undefined || tag.type === '') {
    const definition = { ...typeOfDefault(named, fallback), ...described(tag) };
    return fallback === null ? definition : { ...definition, default: fallback.value };
  }
  const written = defaultOf(tag, typeOf(tag, named.name, documented));
  const known = hasDefault ? fallback : written;
  return {
    ...typeOf(tag, named.name, documented),
    ...(tag.optional || hasDefault ? {} : { required: true }),
    ...described(tag),
    ...(known === null || known.value === null ? {} : { default: known.value }),
  };
}

function typeOfDefault(
  { name, fallback: node }: Named,
  fallback: { readonly value: unknown } | null,
): ToolParameter {
  if (node === null) {
    throw new UnmappedType(`has no type: write it in a JSDoc comment, @param {string} ${name}`);
  }
  const type = fallback === null ? null : typeOfValue(fallback.value);
  if (type !== null) return { type };
  throw new UnmappedType(
    `has no type, and its default does not tell one: write it in a JSDoc comment, @param {string} [${name}]`,
  );
}

function typeOfValue(value: unknown): ToolParameter['type'] | null {
  if (value === null) return null;
  if (Array.isArray(value)) return 'array';
  const kind = typeof value;
  return kind === 'string' || kind === 'number' || kind === 'boolean' ? kind : 'object';
}

/** The tag's type, with members that are documented by tags of their own (`address.street`, `rows[].id`). */
function typeOf(tag: Spec, path: string, documented: ReadonlyMap<string, Spec>): ToolParameter {
  const type = readJsdocType(tag.type);
  const within = type.type === 'array' ? `${path}[].` : `${path}.`;
  const members = [...documented].filter(
    ([each]) => each.startsWith(within) && !/[.[]/.test(each.slice(within.length)),
  );
  if (members.length === 0) return type;
  const properties = Object.fromEntries(
    members.map(([each, member]): [string, ToolParameter] => [
      each.slice(within.length),
      {
        ...typeOf(member, each, documented),
        ...(member.optional ? {} : { required: true }),
        ...described(member),
      },
    ]),
  );
  const object: ToolParameter = { type: 'object', properties };
  return type.type === 'array' ? { ...type, items: object } : object;
}

function described(tag: Spec | undefined): { description?: string } {
  const description = tag?.description.replace(/^-\s*/, '').replace(/\s+/g, ' ').trim() ?? '';
  return description === '' ? {} : { description: description.slice(0, 1_024) };
}

/** `[name=default]`: the value that the text stands for in its type. */
function defaultOf(tag: Spec, { type }: ToolParameter): { readonly value: unknown } | null {
  const text = tag.default?.trim();
  if (text === undefined || text === '') return null;
  const quoted = /^(["'])(.*)\1$/s.exec(text)?.[2];
  if (type === 'string') return { value: quoted ?? text };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

function membersOf(properties: readonly Node[]): readonly Named[] {
  return properties.flatMap((node) => {
    const property = node as Node & { key: Node; value: Pattern; computed: boolean };
    if (property.type !== 'Property' || property.computed) return [];
    const key = property.key as Node & { name?: string; value?: unknown };
    const { value } = property;
    return [
      {
        name: key.name ?? String(key.value),
        line: property.loc?.start.line ?? null,
        fallback: value.type === 'AssignmentPattern' ? value.right : null,
      },
    ];
  });
}

function withoutDefault(pattern: Pattern | undefined): Pattern | undefined {
  return pattern?.type === 'AssignmentPattern' ? pattern.left : pattern;
}

/** Whether it takes members that it does not name. */
function takesMore(pattern: Pattern): boolean {
  if (pattern.type !== 'ObjectPattern') return true;
  return pattern.properties.some(({ type }) => type === 'RestElement');
}

function namesOf(patterns: readonly Pattern[]): ReadonlySet<string> {
  const names = patterns.map(withoutDefault);
  return new Set(names.flatMap((each) => (each?.type === 'Identifier' ? [each.name] : [])));
}

function tagsOf({
  from,
  code,
  comments,
}: {
  readonly from: number;
  readonly code: string;
  readonly comments: readonly Comment[];
}): readonly Spec[] {
  const comment = comments.findLast(({ end }) => end <= from);
  const isOfMain =
    comment?.type === 'Block' &&
    comment.value.startsWith('*') &&
    comment.value.length <= maxCommentLength &&
    isBlank(code.slice(comment.end, from));
  if (!isOfMain) return [];
  const [block] = parseComments(`/*${comment.value}*/`);
  return (block?.tags ?? [])
    .filter(({ tag, name }) => /^(?:param|arg|argument)$/.test(tag) && name !== '')
    .slice(0, maxTags);
}

/** The object itself is documented as well, under any name; its members then come with it as a prefix. */
function rootOf(
  tags: readonly Spec[],
  pattern: Pattern | undefined,
  named: readonly Named[],
): string | null {
  if (pattern?.type === 'Identifier') return pattern.name;
  const [first] = tags;
  if (first === undefined || /[.[]/.test(first.name)) return null;
  const isRoot =
    named.every(({ name }) => name !== first.name) &&
    (tags.some(({ name }) => name.startsWith(`${first.name}.`)) ||
      /^\{?object/i.test(first.type.trim()));
  return isRoot ? first.name : null;
}

function withoutRoot(name: string, root: string | null): string {
  return root !== null && name.startsWith(`${root}.`) ? name.slice(root.length + 1) : name;
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}
