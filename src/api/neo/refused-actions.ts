import type { AgentPatch } from '../../agents/agent-input.ts';
import type { ChainAction } from '../../core/chain.ts';
import { ApiError } from '../../core/errors.ts';
import { refusal } from '../../core/validate.ts';
import { type ActionInput, showAction } from './agent-actions.ts';

// Refusals of a chain, in the words of the body that it was made of: there the server's own first actions are not,
// and an entry changes whichever action it names.

type Made = Pick<AgentPatch, 'actions' | 'tools'>;

/** Saves what was made of the body's actions; a refusal names the places in the body. */
export async function refusingInWords<T>(
  sent: readonly ActionInput[] | undefined,
  made: Made,
  save: () => Promise<T>,
): Promise<T> {
  try {
    return await save();
  } catch (error) {
    const details = error instanceof ApiError ? Object.entries(error.details ?? {}) : [];
    const renamed = details.map(([field, problem]) => {
      return [sentField(field, sent ?? [], made), problem] as const;
    });
    if (renamed.every(([field], index) => field === details[index]?.[0])) throw error;
    throw refusal(new Map(renamed));
  }
}

/** What the body calls a field of the agent. */
function sentField(field: string, sent: readonly ActionInput[], made: Made): string {
  const [, list, index, rest = ''] = /^(actions|tools)\[(\d+)\]\.?(.*)$/.exec(field) ?? [];
  const actions = (made.actions ?? []) as readonly ChainAction[];
  if (list === 'tools') {
    const name = made.tools?.[Number(index)];
    const action = actions.find((one) => one.type === 'tool' && one.tool === name);
    if (action !== undefined) return `${placeOf(action, sent)}.input_as_dict.tool`;
    return name === undefined ? field : `toolbox.tool_settings_by_type.${name}`;
  }
  const action = list === 'actions' ? actions[Number(index)] : undefined;
  return action === undefined ? field : `${placeOf(action, sent)}${partOf(action, rest)}`;
}

/** By its id where the body has nothing of it: it was there before, or is the server's. */
function placeOf(action: ChainAction, sent: readonly ActionInput[]): string {
  const type = showAction(action).action_type;
  const byId = sent.findIndex(({ id }) => id === action.id);
  const at =
    byId === -1 ? sent.findIndex((one) => one.id === undefined && one.action_type === type) : byId;
  return at === -1 ? `actions (${action.id})` : `actions[${at}]`;
}

function partOf(action: ChainAction, rest: string): string {
  if (rest === '') return '';
  if (rest === 'id') return '.id';
  const isOwnTool = rest === 'tool' && showAction(action).action_type !== 'RUN_TOOL';
  return rest === 'type' || isOwnTool ? '.action_type' : `.input_as_dict.${rest}`;
}
