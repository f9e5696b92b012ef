import type { ToolLanguage } from '../../core/custom-tool.ts';
import type { DenoParts } from './deno-command.ts';

/** What holds each call, in plain words: what deno-command.ts starts with these parts. */
export function denoLayers(
  { limiter, firstUid }: Pick<DenoParts, 'limiter' | 'firstUid'>,
  language: ToolLanguage,
): readonly string[] {
  return [
    'Deno’s permissions: none for environment, programs and native code, none for files but to read its runtime',
    ...(language === 'python' ? ['Python as WebAssembly (Pyodide)'] : []),
    ...(firstUid === null ? [] : ['A user of its own']),
    ...(limiter === null ? [] : ['A limit of memory']),
    'No network but to the hosts that a tool names, by way of the egress proxy',
  ];
}
