import type { z } from 'zod';
import type { AgentTool } from './tool.ts';

/** Checks the arguments of a tool of ours by their schema, and fills in its defaults. */
export function checkedBy(schema: z.ZodType<Record<string, unknown>>): AgentTool['check'] {
  return (value) => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return { ok: true, value: parsed.data };
    return { ok: false, problem: `${problemsIn(parsed.error)}.` };
  };
}

/** What does not fit, and where, in words for the model. */
export function problemsIn({ issues }: z.ZodError): string {
  return issues
    .map(({ path, message }) => `${path.join('.') || 'arguments'}: ${message}`)
    .join('; ');
}
