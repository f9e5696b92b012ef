import { createHash } from 'node:crypto';
import { type SkillFileContent, skillFileName, skillMaxima } from '../core/skill.ts';
import { type Problems, refusal, refuse } from '../core/validate.ts';
import { readSkillMd, type SkillMd } from './skill-md.ts';

// What the files of a skill must be like, wherever they come from.

export type FieldOf = (index: number, part: 'path' | 'content') => string;

/**
 * What the SKILL.md of these files says. Throws `validation_error` that names every file which cannot be;
 * `fieldOf` says what the caller knows a file by.
 */
export function checkSkillFiles(files: readonly SkillFileContent[], fieldOf?: FieldOf): SkillMd {
  const problems: Problems = new Map();
  const nameOf: FieldOf = fieldOf ?? ((index) => files[index]?.path ?? 'files');
  if (files.length > skillMaxima.files) {
    problems.set('files', `must be at most ${skillMaxima.files}, not ${files.length}`);
  }
  const bytes = files.reduce((sum, { content }) => sum + content.byteLength, 0);
  if (bytes > skillMaxima.bytes) {
    problems.set('files', `must have at most ${skillMaxima.bytes} bytes together, not ${bytes}`);
  }
  checkPaths(files, nameOf, problems);
  for (const [index, { path, content }] of files.entries()) {
    const most = path === skillFileName ? skillMaxima.textBytes : skillMaxima.fileBytes;
    if (content.byteLength <= most) continue;
    problems.set(nameOf(index, 'content'), `must have at most ${most} bytes`);
  }
  refuse(problems);
  const index = files.findIndex(({ path }) => path === skillFileName);
  const file = files[index];
  if (file === undefined) {
    throw refusal(new Map([['files', `must hold a ${skillFileName} at their top`]]));
  }
  const text = textOf(file.content);
  const read = text === null ? null : readSkillMd(text);
  if (read?.ok === true) return read;
  const problem = read === null ? 'must be UTF-8 text' : read.problem;
  throw refusal(new Map([[nameOf(index, 'content'), problem]]));
}

/** Why there cannot be a file at that path, to be read after its name; null when there can. */
export function whyNotPath(path: string): string | null {
  if (path === '' || path.length > skillMaxima.pathLength) {
    return `must be 1 to ${skillMaxima.pathLength} characters long`;
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be in a path.
  if (!path.isWellFormed() || /[\u0000-\u001f\u007f\\]/.test(path)) {
    return 'must be a path with / between its parts, without backslashes and control characters';
  }
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return 'must be relative to the skill';
  const parts = path.split('/');
  return parts.some((part) => part === '' || part === '.' || part === '..')
    ? 'must not have parts that are empty, "." or ".."'
    : null;
}

/** `sha256:…` over paths, modes and bytes, whatever their order. */
export function hashSkillFiles(files: readonly SkillFileContent[]): string {
  const lines = files
    .map(({ path, isExecutable, content }) => [path, isExecutable, sha256(content)] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `sha256:${sha256(Buffer.from(JSON.stringify(lines)))}`;
}

/** The file's text; null when it is not UTF-8, or holds NUL. */
export function textOf(content: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

function checkPaths(files: readonly SkillFileContent[], nameOf: FieldOf, problems: Problems): void {
  // Letters of either case are the same where people unpack it.
  const seen = new Set<string>();
  const folders = new Set<string>();
  for (const [index, { path }] of files.entries()) {
    const field = nameOf(index, 'path');
    const why = whyNotPath(path);
    if (why !== null) {
      problems.set(field, why);
      continue;
    }
    const key = path.toLowerCase();
    if (seen.has(key)) problems.set(field, `is there twice ("${path}")`);
    seen.add(key);
    const parts = key.split('/');
    for (let end = 1; end < parts.length; end++) folders.add(parts.slice(0, end).join('/'));
  }
  for (const [index, { path }] of files.entries()) {
    if (folders.has(path.toLowerCase())) {
      problems.set(nameOf(index, 'path'), `is a file and a folder ("${path}")`);
    }
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
