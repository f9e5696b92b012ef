import { type GatherDeps, gatherNotifications } from './gather.ts';

/** The gathering of what members are told, for a loop: the ms until there may be more. */
export function notificationWork(deps: GatherDeps) {
  return { name: 'The gathering of notifications', run: () => gatherNotifications(deps) };
}
