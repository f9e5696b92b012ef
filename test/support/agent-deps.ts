import type { AgentDeps } from '../../src/agents/agent-deps.ts';
import { createSecretBox } from '../../src/core/secret-box.ts';
import { whyNotFound } from '../../src/records/why-not-found.ts';
import type { Database } from '../../src/store/connect.ts';

/** Models `priced/…` and `unpriced/…` are usable, no other. */
export function createAgentDeps(db: Database): AgentDeps {
  return {
    db,
    secretBox: createSecretBox('a key for tests, and only for them'),
    defaultModel: null,
    builtInTools: ['http-request'],
    whyUnusable: (model) =>
      /^(priced|unpriced)\//.test(model) ? null : `There is no provider for ${model}.`,
    hasPrice: (model) => model.startsWith('priced/'),
    whyNotFound,
  };
}
