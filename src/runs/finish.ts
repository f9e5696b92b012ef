import { z } from 'zod';
import type { AgentDefinition } from '../core/agent.ts';
import { assertNever } from '../core/assert-never.ts';
import { type Disposition, dispositions } from '../core/disposition.ts';
import type { ModelToolSpec } from '../core/model.ts';
import type { OutputField } from '../core/output-field.ts';
import { problemsIn } from '../tools/checked-by.ts';

// The built-in tool `finish`: how a run says what it decided.

export const finishToolName = 'finish';

export interface Finish {
  readonly disposition: Disposition;
  readonly dispositionReason: string | null;
  readonly response: string | null;
  readonly reflection: string | null;
  readonly output: Record<string, unknown> | null;
}

/** What the model is offered: the agent's output schema becomes the shape of `output`. */
export function finishToolSpec(definition: AgentDefinition): ModelToolSpec {
  const fields = definition.output_schema;
  const output =
    fields.length === 0
      ? { type: 'object', description: 'Structured result, if any.' }
      : outputJsonSchema(fields);
  return {
    name: finishToolName,
    description:
      'Ends the run with your decision. Call it alone, once you have everything you need.',
    inputSchema: {
      type: 'object',
      properties: {
        disposition: { type: 'string', enum: [...dispositions] },
        disposition_reason: {
          type: 'string',
          description: 'Short tag, such as answered_from_knowledge.',
        },
        response: { type: 'string', description: 'The reply for the person, if there is one.' },
        ...(definition.responseflow
          ? { reflection: { type: 'string', description: 'Why this outcome is right.' } }
          : {}),
        questions_for_operator: {
          type: 'array',
          items: { type: 'string' },
          description: 'With an escalation: what the person who takes over must answer.',
        },
        request_for_additional_info: {
          type: 'string',
          description: 'With an escalation: what information was missing.',
        },
        output,
      },
      required: fields.some((field) => field.is_required)
        ? ['disposition', 'output']
        : ['disposition'],
    },
  };
}

/** JSON Schema of an object with these fields. */
export function outputJsonSchema(fields: readonly OutputField[]): Record<string, unknown> {
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field)])),
    required: fields.filter((field) => field.is_required).map((field) => field.name),
  };
}

const nullableText = z.string().nullish();
const finishArguments = z.object({
  disposition: z.enum(dispositions),
  disposition_reason: nullableText,
  response: nullableText,
  reflection: nullableText,
  output: z.record(z.string(), z.unknown()).nullish(),
});

const handOver = z.object({
  questions_for_operator: z.array(z.string().max(2_000)).max(50).nullish().catch(null),
  request_for_additional_info: z.string().max(10_000).nullish().catch(null),
});

/** What the arguments say to the person who takes over; what is malformed says nothing. */
export function readHandOver(given: unknown): {
  readonly questionsForOperator: readonly string[];
  readonly requestForAdditionalInfo: string | null;
} {
  const parsed = handOver.safeParse(given);
  return {
    questionsForOperator: parsed.data?.questions_for_operator ?? [],
    requestForAdditionalInfo: parsed.data?.request_for_additional_info ?? null,
  };
}

/** The decision, or what the model must mend, in words it can act on. */
export function readFinish(
  definition: AgentDefinition,
  given: unknown,
):
  | { readonly ok: true; readonly finish: Finish }
  | { readonly ok: false; readonly problem: string } {
  const parsed = finishArguments.safeParse(given);
  if (!parsed.success) {
    const problems = problemsIn(parsed.error);
    return { ok: false, problem: `finish was refused: ${problems}. Call finish again.` };
  }
  const { data } = parsed;
  const problems = outputProblems(definition.output_schema, data.output ?? null);
  if (problems.length > 0) {
    return {
      ok: false,
      problem: `finish was refused: ${problems.join('; ')}. Call finish again with a valid output.`,
    };
  }
  return {
    ok: true,
    finish: {
      disposition: data.disposition,
      dispositionReason: data.disposition_reason ?? null,
      response: data.response ?? null,
      reflection: data.reflection ?? null,
      output: data.output ?? null,
    },
  };
}

/** Whether plain text cannot end a run of this agent. */
export function requiresOutput(definition: AgentDefinition): boolean {
  return definition.output_schema.some((field) => field.is_required);
}

/** What is wrong with an object that is to have these fields. */
export function outputProblems(
  fields: readonly OutputField[],
  output: Record<string, unknown> | null,
): string[] {
  return fields.flatMap((field) => {
    const value = output !== null && Object.hasOwn(output, field.name) ? output[field.name] : null;
    if (value === null || value === undefined) {
      return field.is_required ? [`output.${field.name} is required`] : [];
    }
    const parsed = fieldValidator(field).safeParse(value);
    return parsed.success ? [] : [`output.${field.name} must be ${expectation(field)}`];
  });
}

function expectation(field: OutputField): string {
  if (field.enum !== undefined) return `one of ${field.enum.join(', ')}`;
  if (field.type === 'date') return 'a date (YYYY-MM-DD)';
  if (field.type === 'datetime') return 'a date and time (ISO 8601 with offset)';
  return `of type ${field.type}`;
}

function fieldValidator(field: OutputField): z.ZodType {
  if (field.enum !== undefined) return z.enum(field.enum as [string, ...string[]]);
  switch (field.type) {
    case 'string':
      return z.string();
    case 'number':
      return z.number();
    case 'integer':
      return z.int();
    case 'boolean':
      return z.boolean();
    case 'array':
      return z.array(z.unknown());
    case 'object':
      return z.record(z.string(), z.unknown());
    case 'date':
      return z.iso.date();
    case 'datetime':
      return z.iso.datetime({ offset: true });
    default:
      return assertNever(field.type);
  }
}

function fieldSchema(field: OutputField): Record<string, unknown> {
  const { description } = field;
  if (field.enum !== undefined) return { type: 'string', enum: [...field.enum], description };
  if (field.type === 'date') return { type: 'string', format: 'date', description };
  if (field.type === 'datetime') return { type: 'string', format: 'date-time', description };
  return { type: field.type, description };
}
