import { z } from 'zod';
import { type ChainAction, hasBrokenPlaceholder, pathsIn } from '../core/chain.ts';
import { dispositions } from '../core/disposition.ts';
import { recordMaxima } from '../core/record.ts';
import { outputField } from './output-field.ts';
import { comparison } from './trigger-config.ts';

// What may be written of a chain. Every placeholder has to name something that is there before the action runs, and a
// condition only leads on: a chain ends.

const most = { actions: 50, characters: 262_144 } as const;

const id = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, 'must be 1 to 64 of a–z, 0–9 and “_”, a letter first');
const input = z.record(z.string(), z.unknown());

const onError = z.enum(['fail', 'continue']).default('fail');
const time = z
  .string()
  .max(200)
  .refine(
    (text) => text.includes('{{') || z.iso.datetime({ offset: true }).safeParse(text).success,
    'must be a time of ISO 8601 with a zone, or a template',
  );

const action = z.discriminatedUnion('type', [
  z.strictObject({
    id,
    type: z.literal('tool'),
    tool: z.string().min(1).max(200),
    input: input.default({}),
    on_error: onError,
  }),
  z.strictObject({
    id,
    type: z.literal('find'),
    kind: z.string().min(1).max(64),
    external_id: z.string().min(1).max(recordMaxima.key).nullable().default(null),
    where: z
      .record(z.string(), z.union([z.string().max(recordMaxima.key), z.number(), z.boolean()]))
      .default({}),
    from: time.nullable().default(null),
    to: time.nullable().default(null),
    order: z.enum(['asc', 'desc']).default('desc'),
    limit: z.int().min(1).max(50).default(10),
    on_error: onError,
  }),
  z.strictObject({
    id,
    type: z.literal('extract'),
    instructions: z.string().min(1).max(50_000),
    fields: z.array(outputField).min(1).max(50),
  }),
  z.strictObject({
    id,
    type: z.literal('condition'),
    all: z.array(comparison).min(1).max(50),
    otherwise: id.nullable().default(null),
  }),
  z.strictObject({
    id,
    type: z.literal('respond'),
    response: z.string().max(50_000).nullable().default(null),
    disposition: z.enum(dispositions).default('resolved'),
    output: input.nullable().default(null),
  }),
]);

export const chainInput = z
  .array(action)
  .min(1)
  .max(most.actions)
  .refine(
    (given) => JSON.stringify(given).length <= most.characters,
    `must have at most ${most.characters} characters of JSON`,
  )
  .superRefine((actions, context) => {
    actions.forEach((one, index) => {
      const problem = whyNot(actions as readonly ChainAction[], index);
      if (problem !== null) {
        context.addIssue({ code: 'custom', path: [index, problem.field], message: problem.text });
      }
      if (actions.findIndex((other) => other.id === one.id) !== index) {
        context.addIssue({ code: 'custom', path: [index, 'id'], message: 'is there twice' });
      }
    });
  });

const roots = ['payload', 'run', 'entity_id', 'actions'];

function whyNot(
  actions: readonly ChainAction[],
  index: number,
): { readonly field: string; readonly text: string } | null {
  const action = actions[index];
  if (action === undefined) return null;
  const before = new Set(actions.slice(0, index).map((one) => one.id));
  for (const [field, template] of templatesOf(action)) {
    if (hasBrokenPlaceholder(template)) {
      return { field, text: 'has a placeholder that is none; write it like {{payload.name}}' };
    }
    for (const path of pathsIn(template)) {
      const [root = '', name = ''] = path.split('.');
      if (!roots.includes(root)) {
        return { field, text: `names ${path}, which begins with none of ${roots.join(', ')}` };
      }
      if (root === 'actions' && !before.has(name)) {
        return { field, text: `names ${path}, and no earlier action is called "${name}"` };
      }
    }
  }
  if (action.type !== 'condition' || action.otherwise === null) return null;
  const isLater = actions.slice(index + 1).some((one) => one.id === action.otherwise);
  if (isLater) return null;
  return {
    field: 'otherwise',
    text: `must be the id of a later action, not "${action.otherwise}"`,
  };
}

function templatesOf(action: ChainAction): (readonly [field: string, template: unknown])[] {
  if (action.type === 'tool') return [['input', action.input]];
  if (action.type === 'find') {
    const { external_id: externalId, where, from, to } = action;
    return [...Object.entries({ external_id: externalId, where, from, to })];
  }
  if (action.type === 'extract') return [['instructions', action.instructions]];
  if (action.type === 'condition') {
    return [['all', action.all.map(({ field, value }) => [`{{${field}}}`, value])]];
  }
  return [
    ['response', action.response],
    ['output', action.output],
  ];
}
