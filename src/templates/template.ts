import type { TestCaseFields } from '../agent-tests/test-input.ts';
import type { AgentPatch } from '../agents/agent-input.ts';
import type { CustomToolInput } from '../tools/custom-tool-input.ts';

/** Everything that an agent for a purpose is made of, to be installed in one go. */
export interface Template {
  /** Stable; Neo's dialect shows it. */
  readonly number: number;
  readonly slug: string;
  readonly name: string;
  readonly tagline: string;
  readonly description: string;
  readonly category: string;
  readonly popular: boolean;
  /** ISO 8601: since when it is in the library, and when it was changed last. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Its skills are added to `skill_ids`, and its own tools are among `tools`. */
  readonly agent: Omit<AgentPatch, 'skill_ids' | 'tools'> & {
    readonly name: string;
    readonly description: string;
    readonly instructions: string;
    readonly tools: readonly string[];
  };
  readonly tools: readonly TemplateTool[];
  readonly skills: readonly TemplateSkill[];
  readonly knowledge: readonly TemplateText[];
  readonly tests: readonly TemplateTest[];
}

export type TemplateTool = Omit<CustomToolInput, 'workspace_id'> & {
  readonly description: string;
  /** A call, and its result. */
  readonly example: { readonly parameters: object; readonly rawData: unknown };
};

export interface TemplateSkill {
  readonly files: Readonly<Record<string, string>>;
}

export interface TemplateText {
  readonly title: string;
  readonly body: string;
}

export type TemplateTest = Omit<TestCaseFields, 'payload'> & {
  readonly name: string;
  readonly payload: object;
};
