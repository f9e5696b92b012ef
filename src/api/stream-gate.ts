import { ApiError } from '../core/errors.ts';
import type { Caller } from './caller.ts';

// Open event streams of this process, and waits for the end of a run: each holds a connection and is read for until
// its run ends.

export interface StreamGate {
  /** A place for a stream until it is disposed. Throws `rate_limited` when all are taken. */
  enter(of: { readonly caller: Caller; readonly workspaceId: string }): Disposable;
}

const defaults = { perToken: 200, perEndUser: 5, perWorkspace: 1_000, all: 5_000 } as const;
const retryAfterS = 5;

export function createStreamGate(
  limits: { readonly [Key in keyof typeof defaults]?: number } = {},
): StreamGate {
  const most = { ...defaults, ...limits };
  const open = new Map<string, number>();
  const add = (key: string, by: number) => {
    const now = (open.get(key) ?? 0) + by;
    if (now > 0) open.set(key, now);
    else open.delete(key);
  };
  return {
    enter({ caller, workspaceId }) {
      const places = [
        [
          `${caller.kind} ${caller.id}`,
          caller.kind === 'end_user' ? most.perEndUser : most.perToken,
          'this token',
        ],
        [`workspace ${workspaceId}`, most.perWorkspace, 'this workspace'],
        ['all', most.all, 'this server process'],
      ] as const;
      for (const [key, limit, whose] of places) {
        if ((open.get(key) ?? 0) < limit) continue;
        const message = `${limit} event streams of ${whose} are open, which is the limit. Close one, or try again later.`;
        throw new ApiError('rate_limited', message, { retryAfterS });
      }
      for (const [key] of places) add(key, 1);
      let isOpen = true;
      return {
        [Symbol.dispose]() {
          if (!isOpen) return;
          isOpen = false;
          for (const [key] of places) add(key, -1);
        },
      };
    },
  };
}
