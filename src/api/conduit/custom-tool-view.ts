import { z } from '@hono/zod-openapi';
import { type CustomTool, toolLanguages } from '../../core/custom-tool.ts';
import type { RuntimeDescription } from '../../core/sandbox.ts';
import { iso } from './times.ts';

export const customToolShape = z.object({
  id: z.string(),
  workspace_id: z.string(),
  name: z.string(),
  description: z.string(),
  language: z.enum(toolLanguages),
  code: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  parameters_from: z
    .enum(['code', 'author'])
    .openapi({ description: 'Those read from the code follow it; those that were given stay.' }),
  packages: z.array(z.string()).openapi({ description: 'Packages that the code imports.' }),
  execution_message_description: z.string(),
  enable_globally: z.boolean(),
  validated: z.boolean(),
  version: z.number().int(),
  timeout_ms: z.number().int(),
  memory_mb: z.number().int(),
  network: z.object({ allow: z.array(z.string()) }).nullable(),
  secrets: z.array(z.string()),
  idempotent: z.boolean(),
  requires_approval: z.boolean(),
  has_effects: z
    .boolean()
    .openapi({ description: 'Not called in a dry run, which only writes its calls down.' }),
  created_at: z.string(),
  updated_at: z.string(),
});

export function showCustomTool(tool: CustomTool) {
  return {
    id: tool.id,
    workspace_id: tool.workspaceId,
    name: tool.name,
    description: tool.description,
    language: tool.language,
    code: tool.code,
    parameters: tool.parameters,
    parameters_from: tool.areParametersGiven ? 'author' : 'code',
    packages: tool.packages,
    execution_message_description: tool.executionMessageDescription,
    enable_globally: tool.enableGlobally,
    // Code that does not check is never stored.
    validated: true,
    version: tool.version,
    timeout_ms: tool.timeoutMs,
    memory_mb: tool.memoryMb,
    network: tool.network,
    secrets: tool.secrets,
    idempotent: tool.idempotent,
    requires_approval: tool.requiresApproval,
    has_effects: tool.hasEffects,
    created_at: iso(tool.createdAt),
    updated_at: iso(tool.updatedAt),
  };
}

export const runtimeShape = z.object({
  language: z.enum(toolLanguages),
  version: z.string(),
  backend: z.string(),
  layers: z
    .array(z.string())
    .openapi({ description: 'What holds each call on this machine, in plain words.' }),
  entrypoint: z.string(),
  return_shape: z.string(),
  template: z.string(),
  builtin_modules: z.array(z.string()),
  packages: z
    .array(
      z.object({
        name: z.string(),
        version: z.string(),
        import: z.string(),
        installed: z.boolean(),
      }),
    )
    .openapi({
      description: 'What code may import; the first call that needs them installs what is not.',
    }),
  packages_unavailable: z
    .string()
    .nullable()
    .openapi({ description: 'Why there are no packages on this server; null when there are.' }),
  network: z.boolean(),
  limits: z.object({
    default_timeout_ms: z.number(),
    max_timeout_ms: z.number(),
    default_memory_mb: z.number(),
    max_memory_mb: z.number(),
    max_logs_bytes: z.number(),
    max_result_bytes: z.number(),
  }),
});

export function showRuntime(runtime: RuntimeDescription) {
  const { limits } = runtime;
  return {
    language: runtime.language,
    version: runtime.version,
    backend: runtime.backend,
    layers: runtime.layers,
    entrypoint: runtime.entrypoint,
    return_shape: runtime.returnShape,
    template: runtime.template,
    builtin_modules: runtime.builtinModules,
    packages: runtime.packages.list.map((each) => ({
      ...each,
      installed: runtime.packages.areInstalled,
    })),
    packages_unavailable: runtime.packages.unavailable,
    network: runtime.network,
    limits: {
      default_timeout_ms: limits.defaultTimeoutMs,
      max_timeout_ms: limits.maxTimeoutMs,
      default_memory_mb: limits.defaultMemoryMb,
      max_memory_mb: limits.maxMemoryMb,
      max_logs_bytes: limits.maxLogsBytes,
      max_result_bytes: limits.maxResultBytes,
    },
  };
}
