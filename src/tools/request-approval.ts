import { z } from 'zod';
import { builtIn } from './built-in.ts';
import { checkedBy } from './checked-by.ts';
import type { AgentTool } from './tool.ts';

export const requestApprovalToolName = 'request_approval';

const argumentsSchema = z.strictObject({
  question: z.string().min(1).max(2_000).regex(/\S/, 'must not be blank'),
  proposed_action: z.string().min(1).max(20_000),
  details: z.record(z.string(), z.unknown()).optional(),
});

/** What models and people are told of it. */
export const requestApprovalOffer = {
  description:
    'Asks a person for approval, and waits for the decision. Use it before what your instructions say a person must approve. The answer is approved, rejected, changes_requested or expired, with what the person says.',
  inputSchema: {
    type: 'object',
    properties: {
      question: { type: 'string', description: 'What is to be decided, in a sentence.' },
      proposed_action: {
        type: 'string',
        description:
          'What you will do once it is approved, in full: it is all that the person sees.',
      },
      details: { type: 'object', description: 'Data that helps to decide.' },
    },
    required: ['question', 'proposed_action'],
    additionalProperties: false,
  },
} as const;

/** The built-in tool by which an agent asks people as its instructions tell it to. */
export const requestApprovalTool: AgentTool = {
  name: requestApprovalToolName,
  description: requestApprovalOffer.description,
  inputSchema: requestApprovalOffer.inputSchema,
  ...builtIn,
  questionOf: (value) => argumentsSchema.parse(value).question,
  check: checkedBy(argumentsSchema),
  call: () => Promise.reject(new Error('An approval is asked for, and not made in place.')),
};
