import { z } from 'zod';
import { toolMaxima } from '../../core/custom-tool.ts';
import { secretNameForm } from '../../core/secret.ts';
import { readHostRule } from '../../sandbox/egress/allowed-hosts.ts';
import { credentialHeader } from '../http/credential-input.ts';
import { outgoingUrl, sourceFields } from '../sources/source-input.ts';

const secret = z.string().regex(secretNameForm, 'must be the name of a secret, such as API_KEY');
const scope = z.string().max(1_000).nullable().default(null);

const auth = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({ type: z.literal('bearer'), secret }),
  z.strictObject({ type: z.literal('header'), name: credentialHeader, secret }),
  z.strictObject({
    type: z.literal('oauth_client_credentials'),
    client_id: z.string().min(1).max(512),
    secret,
    scope,
  }),
  z.strictObject({
    type: z.literal('oauth'),
    client_id: z.string().min(1).max(512).nullable().default(null),
    secret: secret.nullable().default(null),
    scope,
  }),
]);

const allowedHost = z.string().superRefine((text, context) => {
  const rule = readHostRule(text);
  if (typeof rule === 'string') context.addIssue({ code: 'custom', message: rule });
});

/** How a server is reached, as people write it. */
export const mcpConfigSchema = z
  .discriminatedUnion('transport', [
    z.strictObject({
      transport: z.enum(['http', 'sse']),
      url: outgoingUrl,
      auth: auth.default({ type: 'none' }),
    }),
    z.strictObject({
      transport: z.literal('stdio'),
      directory: z
        .string()
        .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be the name of a folder in mcp-servers/'),
      runtime: z.enum(['node', 'python']),
      args: z.array(z.string().max(4_096)).min(1).max(64),
      env: z
        .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/), z.string().max(8_192))
        .default({}),
      secrets: z.array(secret).max(50).default([]),
      network: z
        .strictObject({ allow: z.array(allowedHost).max(100) })
        .nullable()
        .default(null),
      memory_mb: z.number().int().min(64).max(toolMaxima.memoryMb).default(256),
    }),
  ])
  .superRefine((config, context) => {
    if (config.transport === 'stdio' || config.auth.type === 'none') return;
    if (config.url.startsWith('https:')) return;
    const message = 'must be https: a credential is sent over nothing else';
    context.addIssue({ code: 'custom', path: ['url'], message });
  });

export const mcpServerPatchSchema = z
  .strictObject({ ...sourceFields, config: mcpConfigSchema })
  .partial();
export const mcpServerCreateSchema = mcpServerPatchSchema.extend({
  workspace_id: z.string(),
  name: sourceFields.name,
  config: mcpConfigSchema,
});

export type McpServerInput = z.output<typeof mcpServerCreateSchema>;
export type McpServerPatch = z.output<typeof mcpServerPatchSchema>;
