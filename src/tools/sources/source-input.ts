import { z } from 'zod';
import { toolMaxima } from '../../core/custom-tool.ts';
import { givenFields } from '../../core/given-fields.ts';
import { readHostRule } from '../../sandbox/egress/allowed-hosts.ts';

// What people may write of any source of tools. Unknown fields are refused: they would silently do nothing.

export const sourceFields = {
  name: z
    .string()
    .min(1)
    .max(32)
    .regex(
      /^[a-z0-9]+(?:-[a-z0-9]+)*$/,
      'must be kebab-case: lower-case letters and digits in parts joined by “-”',
    ),
  description: z.string().max(1_024),
  enabled: z.boolean(),
  enable_globally: z.boolean(),
  requires_approval: z.boolean(),
  allowed_tools: z.array(z.string().min(1).max(256)).max(500).nullable(),
  timeout_ms: z.number().int().min(100).max(toolMaxima.timeoutMs),
};

export const sourceDefaults = {
  description: '',
  enabled: true,
  enableGlobally: false,
  requiresApproval: false,
  allowedTools: null,
  timeoutMs: 60_000,
} as const;

/** The fields of a source that a body gives. */
export function commonChanges(given: {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly enable_globally?: boolean | undefined;
  readonly requires_approval?: boolean | undefined;
  readonly allowed_tools?: readonly string[] | null | undefined;
  readonly timeout_ms?: number | undefined;
}) {
  const changes = {
    name: given.name,
    description: given.description,
    enabled: given.enabled,
    enableGlobally: given.enable_globally,
    requiresApproval: given.requires_approval,
    allowedTools: given.allowed_tools,
    timeoutMs: given.timeout_ms,
  };
  return givenFields(changes);
}

/** A URL that the server may connect to: of a named host on the public internet, without credentials. */
export const outgoingUrl = z
  .string()
  .max(2_048)
  .superRefine((text, context) => {
    const problem = urlProblem(text);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  });

function urlProblem(text: string): string | null {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return 'must be an absolute http(s) URL';
  if (url.username !== '' || url.password !== '') {
    return 'must not hold credentials: store them as a secret and name it';
  }
  if (url.hash !== '') return 'must have no fragment';
  const rule = readHostRule(url.host);
  return typeof rule === 'string' ? `has a host that ${rule}` : null;
}
