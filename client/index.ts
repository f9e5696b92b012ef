// biome-ignore-all lint/performance/noBarrelFile: this is the package's entry `signalbox/client`; in the repository nothing imports it.

export { ApiError, Unreachable } from './api-error.ts';
export {
  answerOf,
  type ClientOptions,
  createClient,
  dataOf,
  type SignalboxClient,
} from './client.ts';
export {
  type ConnectionState,
  type FollowOptions,
  followRun,
  type RunDetail,
  type RunEvent,
  type RunStep,
  type RunSummary,
} from './follow-run.ts';
export type {
  operations as ConduitOperations,
  paths as ConduitPaths,
} from './generated/conduit.ts';
export type { operations as NeoOperations, paths as NeoPaths } from './generated/neo.ts';
export { items, type Page, pages } from './pages.ts';
export type { RetryOptions } from './retrying-fetch.ts';
export { type RunAndWaitOptions, runAndWait } from './run-and-wait.ts';
