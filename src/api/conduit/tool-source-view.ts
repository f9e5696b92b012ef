import { z } from '@hono/zod-openapi';
import type { SourceTool, ToolSource } from '../../core/tool-source.ts';
import { allowedToolsOf } from '../../tools/sources/tool-names.ts';
import { jsonObject } from './fields.ts';
import { iso, isoOrNull } from './times.ts';

export const sourceToolShape = z.object({
  name: z
    .string()
    .openapi({ description: '`source__tool`: as agents name it and the model sees it.' }),
  remote_name: z.string(),
  description: z.string(),
  input_schema: jsonObject,
  idempotent: z.boolean(),
  has_effects: z.boolean(),
  allowed: z.boolean(),
});

export const sourceShape = {
  id: z.string(),
  workspace_id: z.string(),
  name: z.string(),
  description: z.string(),
  enabled: z.boolean(),
  enable_globally: z.boolean(),
  requires_approval: z.boolean(),
  allowed_tools: z.array(z.string()).nullable(),
  timeout_ms: z.number().int(),
  tool_count: z.number().int(),
  tools_read_at: z.string().nullable(),
  problem: z
    .string()
    .nullable()
    .openapi({ description: 'Why its tools could not be read the last time.' }),
  created_at: z.string(),
  updated_at: z.string(),
};

/** What every source shows; its config is shown by its own view. */
export function showSource(source: ToolSource) {
  return {
    id: source.id,
    workspace_id: source.workspaceId,
    name: source.name,
    description: source.description,
    enabled: source.enabled,
    enable_globally: source.enableGlobally,
    requires_approval: source.requiresApproval,
    allowed_tools: source.allowedTools,
    timeout_ms: source.timeoutMs,
    tool_count: allowedToolsOf(source).length,
    tools_read_at: isoOrNull(source.toolsReadAt),
    problem: source.problem,
    created_at: iso(source.createdAt),
    updated_at: iso(source.updatedAt),
  };
}

export function showSourceTool(tool: SourceTool, source: Pick<ToolSource, 'allowedTools'>) {
  return {
    name: tool.name,
    remote_name: tool.remoteName,
    description: tool.description,
    input_schema: tool.inputSchema,
    idempotent: tool.idempotent,
    has_effects: tool.hasEffects,
    allowed: source.allowedTools?.includes(tool.remoteName) ?? true,
  };
}
