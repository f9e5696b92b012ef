import { type SendNoticeDeps, sendNotices } from './send-notices.ts';
import { type WatchDeps, watchAlerts } from './watch.ts';

/** For loops: the ms until there may be more. */
export function alertWork(deps: WatchDeps & SendNoticeDeps) {
  return [
    {
      name: 'The watch of alerts',
      run: async () => ((await watchAlerts(deps)) > 0 ? 0 : 1_000),
    },
    {
      name: 'The sending of alerts',
      run: async () => ((await sendNotices(deps)) > 0 ? 0 : 1_000),
    },
  ];
}
