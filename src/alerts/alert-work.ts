import { type WatchDeps, watchAlerts } from './watch.ts';

/** The watch, for a loop: the ms until there may be more. */
export function alertWork(deps: WatchDeps) {
  return {
    name: 'The watch of alerts',
    run: async () => ((await watchAlerts(deps)) > 0 ? 0 : 1_000),
  };
}
