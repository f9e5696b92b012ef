import type { Database } from '../store/connect.ts';
import { commitReply, peekReply } from '../store/replies.ts';

/** What a driven run does with its conversation; bound to the database. */
export interface Replies {
  commit(
    reply: Parameters<typeof commitReply>[1],
    signal: AbortSignal,
  ): ReturnType<typeof commitReply>;
  /** What a reply would come to now. */
  peek(of: Parameters<typeof peekReply>[1]): ReturnType<typeof peekReply>;
}

export function repliesIn(db: Database): Replies {
  return {
    commit: (reply, signal) => commitReply(db, reply, signal),
    peek: (of) => peekReply(db, of),
  };
}
