import type { Tool } from '@modelcontextprotocol/client';
import type { SourceTool } from '../../core/tool-source.ts';
import { toolNameOf } from '../sources/tool-names.ts';

// A server's list of tools, as it is kept: what a stranger wrote, within bounds.

const limits = {
  tools: 500,
  descriptionChars: 4_096,
  schemaChars: 65_536,
  nameChars: 256,
} as const;

/** Its tools by their names, without doubles and without what is out of bounds. */
export function readTools(serverName: string, tools: readonly Tool[]): readonly SourceTool[] {
  const found = new Map<string, SourceTool>();
  for (const tool of tools.slice(0, limits.tools)) {
    const name = toolNameOf(serverName, tool.name);
    const inputSchema = schemaOf(tool.inputSchema);
    if (tool.name.length > limits.nameChars || inputSchema === null || found.has(name)) continue;
    const { readOnlyHint = false, idempotentHint = false } = tool.annotations ?? {};
    found.set(name, {
      name,
      remoteName: tool.name,
      description: (tool.description ?? tool.title ?? '')
        .slice(0, limits.descriptionChars)
        .toWellFormed(),
      inputSchema,
      idempotent: readOnlyHint || idempotentHint,
      hasEffects: !readOnlyHint,
    });
  }
  return [...found.values()];
}

function schemaOf(schema: unknown): Readonly<Record<string, unknown>> | null {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    return { type: 'object', properties: {} };
  }
  if (JSON.stringify(schema).length > limits.schemaChars) return null;
  return { ...schema, type: 'object' };
}
