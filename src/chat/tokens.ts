import type { ChatCredential, ChatSession } from '../core/chat.ts';
import { newId } from '../core/ids.ts';
import { hashTokenSecret, newChatSecret } from '../core/token-secret.ts';
import { refusal } from '../core/validate.ts';
import { insertChatToken } from '../store/chat-tokens.ts';
import type { Database } from '../store/connect.ts';
import type { InTransaction } from '../store/workspaces.ts';
import { isClosed } from './sessions.ts';

// Tokens for people outside: each reaches one session, and says who writes in it.

export interface MintedToken {
  readonly credential: ChatCredential;
  /** Shown once. */
  readonly secret: string;
}

/** Throws `conflict` for a closed session, `validation_error` when its agent is not among those allowed. */
export async function mintChatToken(
  deps: { readonly db: Database },
  given: {
    readonly session: ChatSession;
    readonly endUser: string | null;
    readonly endUserEmail: string | null;
    readonly endCompanyId: string | null;
    /** Ids or numbers; null: whichever agent the session has. */
    readonly allowedAgents: readonly string[] | null;
    readonly ttlS: number;
  },
  inTransaction?: InTransaction<MintedToken>,
): Promise<MintedToken> {
  const { session, allowedAgents, endUser, endUserEmail, endCompanyId, ttlS } = given;
  if (session.archivedAt !== null) throw isClosed(session.id);
  const { id: agentId, number } = session.agent;
  const isAllowed =
    allowedAgents === null ||
    allowedAgents.some((allowed) => allowed === agentId || allowed === String(number));
  if (!isAllowed) {
    throw refusal(new Map([['allowed_agent_ids', 'must have the agent of the session']]));
  }
  const secret = newChatSecret();
  return await deps.db.transaction(async (tx) => {
    const credential = await insertChatToken(tx, {
      ...{ id: newId('chatToken'), sessionId: session.id, workspaceId: session.workspaceId },
      ...{ secretHash: hashTokenSecret(secret), endUser, endUserEmail, endCompanyId, ttlS },
    });
    const minted = { credential, secret };
    await inTransaction?.(tx, minted);
    return minted;
  });
}
