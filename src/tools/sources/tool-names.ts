import { createHash } from 'node:crypto';
import type { SourceTool, ToolSource } from '../../core/tool-source.ts';

// Names of tools that come from a source, as models see them: `source__tool`, at most 64 characters of
// letters, digits, `_` and `-`, which every provider takes. A name that had to be changed or cut ends in six
// digits of the hash of what it was, so that two tools never get one name. Names of custom tools have no `_`.

const separator = '__';
const maxLength = 64;

/** The name of the source's tool. The same source and tool always give the same. */
export function toolNameOf(source: string, remoteName: string): string {
  const room = maxLength - source.length - separator.length;
  const clean = remoteName.replace(/[^A-Za-z0-9_-]/g, '_');
  if (clean === remoteName && clean.length <= room && clean !== '') {
    return `${source}${separator}${clean}`;
  }
  const hash = createHash('sha256').update(remoteName).digest('hex').slice(0, 6);
  return `${source}${separator}${clean.slice(0, room - hash.length - 1)}_${hash}`;
}

/** Whether a tool of that name could only be one of the source. */
export function belongsToSource(toolName: string, source: string): boolean {
  return toolName.startsWith(`${source}${separator}`);
}

/** The name of the source that a tool of that name would be of; null when it is of none. */
export function sourceNameIn(toolName: string): string | null {
  const at = toolName.indexOf(separator);
  return at < 1 ? null : toolName.slice(0, at);
}

/** The source's tools that people allowed. */
export function allowedToolsOf(source: ToolSource): readonly SourceTool[] {
  const { allowedTools, tools } = source;
  return allowedTools === null
    ? tools
    : tools.filter(({ remoteName }) => allowedTools.includes(remoteName));
}
