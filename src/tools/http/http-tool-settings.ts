import { z } from 'zod';
import { httpMethods } from '../../core/http-credential.ts';
import type { HttpToolSettings } from '../../core/http-tool.ts';
import { isId } from '../../core/ids.ts';
import { validate } from '../../core/validate.ts';
import { readHostRule } from '../../sandbox/egress/allowed-hosts.ts';
import type { Queryable } from '../../store/connect.ts';
import { putHttpTool, readHttpTools } from '../../store/http-tools.ts';
import { httpCredentialSchema } from './credential-input.ts';

// The rules of what `http_request` may reach. Unknown fields are refused: they would silently do nothing.

const host = z.string().superRefine((text, context) => {
  const rule = readHostRule(text);
  if (typeof rule === 'string') context.addIssue({ code: 'custom', message: rule });
});

export const httpToolSchema = z.strictObject({
  workspace_id: z.string().optional(),
  hosts: z
    .array(
      z.strictObject({
        host,
        methods: z.array(z.enum(httpMethods)).min(1).nullable().default(null),
        agents: z
          .array(z.string().refine(isId, 'must be the id of an agent'))
          .min(1)
          .max(100)
          .nullable()
          .default(null),
        credential: httpCredentialSchema.nullable().default(null),
      }),
    )
    .max(100),
  enable_globally: z.boolean().default(false),
  requires_approval: z.boolean().default(false),
  timeout_ms: z.number().int().min(1).max(300_000).default(30_000),
});

/** The workspace's settings; those of one that never set any reach nothing. */
export async function getHttpTool(db: Queryable, workspaceId: string): Promise<HttpToolSettings> {
  const [found] = await readHttpTools(db, [workspaceId]);
  return (
    found?.settings ?? {
      workspaceId,
      hosts: [],
      enableGlobally: false,
      requiresApproval: false,
      timeoutMs: 30_000,
    }
  );
}

/** Replaces the settings of a workspace that exists. Throws `validation_error`. */
export async function setHttpTool(
  db: Queryable,
  workspaceId: string,
  given: unknown,
): Promise<HttpToolSettings> {
  const input = validate(httpToolSchema, given);
  const settings: HttpToolSettings = {
    workspaceId,
    hosts: input.hosts,
    enableGlobally: input.enable_globally,
    requiresApproval: input.requires_approval,
    timeoutMs: input.timeout_ms,
  };
  await putHttpTool(db, settings);
  return settings;
}
