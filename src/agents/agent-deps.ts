import type { FindAction } from '../core/chain.ts';
import type { SecretBox } from '../core/secret-box.ts';
import type { Database, Queryable } from '../store/connect.ts';

/** What the rules of agents need of the rest. */
export interface AgentDeps {
  readonly db: Database;
  readonly secretBox: SecretBox;
  /** What an agent without a model runs on; null when the server has none. */
  readonly defaultModel: string | null;
  /** Names of built-in tools that an agent may list in `tools`. */
  readonly builtInTools: readonly string[];
  /** Why a model cannot be used here, or null when it can. */
  readonly whyUnusable: (model: string) => string | null;
  /** Where a search of records names what is not there (a kind, a field to filter by), and what; else null. */
  readonly whyNotFound: (
    db: Queryable,
    workspaceId: string,
    find: Pick<FindAction, 'kind' | 'where'>,
  ) => Promise<{ readonly path: readonly string[]; readonly problem: string } | null>;
  /** Whether the cost of the model's calls is known. */
  readonly hasPrice: (model: string) => boolean;
}
