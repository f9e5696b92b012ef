import { isDeepStrictEqual } from 'node:util';
import type { Agent, Trigger } from '../core/agent.ts';
import { ApiError } from '../core/errors.ts';
import { fieldName, type Problems } from '../core/validate.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import { getAgentVersion } from '../store/agent-versions.ts';
import {
  readTriggerCredentials,
  type TriggerCredentials,
  type TriggerToSave,
} from '../store/triggers.ts';
import type { AgentDeps } from './agent-deps.ts';
import { keptTrigger } from './plan-triggers.ts';
import { lockAgentForChange, saveChange } from './save-agent.ts';

/**
 * Saves the state of an earlier version as a new one; `enabled` stays. Triggers come back under their ids.
 * Webhook keys and secrets are credentials, not behaviour: they stay as they are now. Throws `not_found`,
 * and `validation_error` when the version names what is not there any more.
 */
export function rollbackAgent(
  deps: AgentDeps,
  scope: WorkspaceScope,
  idOrNumber: string,
  version: number,
): Promise<Agent> {
  return deps.db.transaction(async (tx) => {
    const { agent, existing } = await lockAgentForChange(tx, scope, idOrNumber);
    const target = await getAgentVersion(tx, scope, { agentId: agent.id, version });
    if (target === null) {
      throw new ApiError(
        'not_found',
        `There is no version ${version} of agent ${idOrNumber}: the latest is ${agent.version}.`,
      );
    }
    const problems: Problems = new Map();
    const credentials = await readTriggerCredentials(tx, agent.id);
    const triggers = target.triggers.map((trigger, index) => {
      const own = credentials.get(trigger.id) ?? { hookKey: null, sealedSecret: null };
      const restored = restoreTrigger(trigger, own);
      if (isWithoutSecret(restored)) {
        problems.set(
          fieldName(['triggers', index, 'config', 'secret']),
          `is needed again for the trigger ${trigger.id}: its secret was dropped since; set the triggers by a patch`,
        );
      }
      const before = existing.find((each) => each.id === trigger.id);
      const isChanged = before === undefined || !isDeepStrictEqual(restored, keptTrigger(before));
      return { ...restored, isChanged };
    });
    const { definition } = target;
    const { enabled } = agent;
    return saveChange(deps, tx, { agent, existing, definition, triggers, enabled, problems });
  });
}

function restoreTrigger(trigger: Trigger, own: TriggerCredentials): TriggerToSave {
  const { url: _, ...config } = trigger.config;
  const { id, name, description, type, enabled } = trigger;
  const { hookKey } = own;
  const sealedSecret = config.verify === 'none' ? null : own.sealedSecret;
  return { id, name, description, type, config, enabled, hookKey, sealedSecret, isChanged: false };
}

function isWithoutSecret(trigger: TriggerToSave): boolean {
  return (
    trigger.type === 'webhook' && trigger.config.verify !== 'none' && trigger.sealedSecret === null
  );
}
