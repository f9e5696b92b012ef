import { z } from 'zod';
import {
  type CustomTool,
  reservedToolNames,
  type ToolParameters,
  toolDefaults,
  toolLanguages,
  toolMaxima,
} from '../core/custom-tool.ts';
import { ApiError } from '../core/errors.ts';
import { givenFields } from '../core/given-fields.ts';
import { secretNameForm } from '../core/secret.ts';
import { collect, type Problems, refusal } from '../core/validate.ts';
import { readHostRule } from '../sandbox/egress/allowed-hosts.ts';
import { readParameters } from './parameter-definitions.ts';

// What may be written of a custom tool. Unknown fields are refused: they would silently do nothing.

export const customToolMaxima = {
  nameLength: 64,
  descriptionLength: 1_024,
  codeLength: 262_144,
  executionMessageLength: 200,
} as const;

const reserved: readonly string[] = reservedToolNames;
const nameForm = 'must be kebab-case: lower-case letters and digits in parts joined by “-”';

const allowedHost = z.string().superRefine((text, context) => {
  const rule = readHostRule(text);
  if (typeof rule === 'string') context.addIssue({ code: 'custom', message: rule });
});

const fields = {
  name: z
    .string()
    .min(1)
    .max(customToolMaxima.nameLength)
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, nameForm),
  description: z.string().max(customToolMaxima.descriptionLength),
  language: z.enum(toolLanguages),
  code: z.string().min(1).max(customToolMaxima.codeLength),
  parameters: z.unknown(),
  execution_message_description: z.string().max(customToolMaxima.executionMessageLength),
  enable_globally: z.boolean(),
  timeout_ms: z.number().int().min(1).max(toolMaxima.timeoutMs),
  memory_mb: z.number().int().min(16).max(toolMaxima.memoryMb),
  network: z
    .strictObject({
      allow: z.array(allowedHost).max(100),
    })
    .nullable(),
  secrets: z
    .array(z.string().regex(secretNameForm, 'must be the name of a secret, such as API_KEY'))
    .max(50)
    .refine((names) => new Set(names).size === names.length, 'must name each secret once'),
  idempotent: z.boolean(),
  requires_approval: z.boolean(),
  has_effects: z.boolean(),
};

export const customToolPatchSchema = z.strictObject(fields).partial();
export const customToolCreateSchema = customToolPatchSchema.extend({
  workspace_id: z.string(),
  name: fields.name,
  language: fields.language,
  code: fields.code,
});

/** The body of a create, as the API takes it. */
export type CustomToolInput = z.input<typeof customToolCreateSchema>;
/** The body of a patch: only what is given changes. */
export type CustomToolPatch = z.input<typeof customToolPatchSchema>;
/** A tool as its author writes it. */
export type WrittenTool = Omit<
  CustomTool,
  'id' | 'workspaceId' | 'version' | 'packages' | 'createdAt' | 'updatedAt'
>;

/** Reads the body of a create. Throws `validation_error`, `conflict` (reserved name). */
export function readCustomToolInput(given: unknown): {
  readonly workspaceId: string;
  readonly tool: WrittenTool;
} {
  const problems: Problems = new Map();
  const input = collect(customToolCreateSchema, { value: given, at: [], problems });
  const parameters = readGivenParameters(given, problems);
  if (input === null || problems.size > 0) throw refusal(problems);
  const tool: WrittenTool = {
    ...unwritten,
    name: input.name,
    language: input.language,
    code: input.code,
    ...changesOf(input, parameters),
  };
  requirePossible(tool);
  return { workspaceId: input.workspace_id, tool };
}

/** Reads the body of a patch. Throws like `readCustomToolInput`. */
export function readCustomToolPatch(given: unknown): Partial<WrittenTool> {
  const problems: Problems = new Map();
  const patch = collect(customToolPatchSchema, { value: given, at: [], problems });
  const parameters = readGivenParameters(given, problems);
  if (patch === null || problems.size > 0) throw refusal(problems);
  const changes = changesOf(patch, parameters);
  requirePossible(changes);
  return changes;
}

const unwritten = {
  description: '',
  parameters: {},
  areParametersGiven: false,
  executionMessageDescription: '',
  enableGlobally: false,
  timeoutMs: toolDefaults.timeoutMs,
  memoryMb: toolDefaults.memoryMb,
  network: null,
  secrets: [],
  idempotent: false,
  requiresApproval: false,
  hasEffects: true,
} as const;

function changesOf(
  patch: z.output<typeof customToolPatchSchema>,
  parameters: GivenParameters,
): Partial<WrittenTool> {
  const given = {
    name: patch.name,
    description: patch.description,
    language: patch.language,
    code: patch.code,
    parameters: parameters ?? undefined,
    areParametersGiven: parameters === undefined ? undefined : parameters !== null,
    executionMessageDescription: patch.execution_message_description,
    enableGlobally: patch.enable_globally,
    timeoutMs: patch.timeout_ms,
    memoryMb: patch.memory_mb,
    network: patch.network,
    secrets: patch.secrets,
    idempotent: patch.idempotent,
    requiresApproval: patch.requires_approval,
    hasEffects: patch.has_effects,
  };
  return givenFields(given);
}

/** Null: they are to be read from the code, whatever they were. Undefined: nothing is said of them. */
type GivenParameters = ToolParameters | null | undefined;

function readGivenParameters(given: unknown, problems: Problems): GivenParameters {
  if (typeof given !== 'object' || given === null || !('parameters' in given)) return undefined;
  if (given.parameters === undefined || given.parameters === null) return given.parameters;
  return readParameters(given.parameters, ['parameters'], problems) ?? undefined;
}

function requirePossible(tool: Partial<WrittenTool>): void {
  if (tool.name !== undefined && reserved.includes(tool.name)) {
    throw new ApiError(
      'conflict',
      `"${tool.name}" is the name of a built-in tool. Choose another.`,
      {
        details: { name: 'is reserved for a built-in tool; choose another' },
      },
    );
  }
}
