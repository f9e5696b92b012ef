import type { AgentPatch } from '../../agents/agent-input.ts';
import { isObject } from '../../core/is-object.ts';
import { findRecordsToolName } from '../../tools/find-records.ts';
import type { NeoAttributes } from './agent-attributes.ts';
import type { AgentBefore, AgentUpdate } from './agent-body.ts';
import { merged } from './merge.ts';
import { unwritable } from './unwritable.ts';

// What a write in this dialect makes of the agent's tools and their settings.

const credential = /(?:secret|password|passwd|api_?key|credential|authorization|(?:^|_)token)/i;

export function changedTools(
  body: AgentUpdate,
  at: {
    readonly before: AgentBefore;
    readonly actions: NonNullable<AgentPatch['actions']>;
    readonly isNew: boolean;
  },
): { readonly names?: readonly string[]; readonly kept: Pick<NeoAttributes, 'tool_settings'> } {
  const { before, actions, isNew } = at;
  const { tools, kept, autonomy } = before;
  const { entity_type: entity = 'none' } = kept;
  const names = new Set(tools);
  // Only at first: who took it away since wants it gone.
  if (isNew && autonomy !== 'CONVERSATIONAL' && entity !== 'none') names.add(findRecordsToolName);
  for (const action of actions) {
    if (action.type === 'tool' && typeof action.tool === 'string') names.add(action.tool);
    if (action.type === 'find') names.add(findRecordsToolName);
  }
  const settings: Record<string, Record<string, unknown>> = { ...kept.tool_settings };
  for (const [tool, setting] of Object.entries(body.toolbox?.tool_settings_by_type ?? {})) {
    if (setting === null) {
      names.delete(tool);
      delete settings[tool];
      continue;
    }
    requireNoCredentials(setting, `toolbox.tool_settings_by_type.${tool}`);
    names.add(tool);
    settings[tool] = merged(settings[tool] ?? {}, setting);
  }
  return {
    ...(names.size === tools.length && tools.every((name) => names.has(name))
      ? {}
      : { names: [...names] }),
    kept: body.toolbox === undefined ? {} : { tool_settings: settings },
  };
}

function requireNoCredentials(setting: unknown, at: string): void {
  if (Array.isArray(setting)) {
    setting.forEach((one, index) => {
      requireNoCredentials(one, `${at}[${index}]`);
    });
  }
  if (!isObject(setting)) return;
  for (const [name, value] of Object.entries(setting)) {
    if (credential.test(name)) {
      throw unwritable(
        `${at}.${name}`,
        'looks like a credential; keep it as a secret of the workspace',
      );
    }
    requireNoCredentials(value, `${at}.${name}`);
  }
}
