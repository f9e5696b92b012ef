// Chat: a person outside and one agent.

/** A conversation with one agent; its id is the conversation's. */
export interface ChatSession {
  readonly id: string;
  readonly workspaceId: string;
  readonly agent: { readonly id: string; readonly number: number };
  readonly channelId: string;
  readonly title: string | null;
  /** Whether who chats is told which tools the agent uses. */
  readonly showsProgress: boolean;
  /** What the sender of the latest message asked of the agent beside it. */
  readonly instructions: string | null;
  /** Since then it takes no messages. */
  readonly archivedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Whom an end user's token stands for: one session, and somebody in it. */
export interface ChatCredential {
  readonly id: string;
  readonly sessionId: string;
  readonly workspaceId: string;
  readonly endUser: string | null;
  readonly endUserEmail: string | null;
  readonly expiresAt: Date;
}
