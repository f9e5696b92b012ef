import type { TestProject } from 'vitest/node';
import { hasTemporal, startTemporalServer } from './temporal-server.ts';

/** Started where there is one, for the files that need it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (!hasTemporal) return async () => {};
  const server = await startTemporalServer();
  project.provide('temporal', server.address);
  return async () => await server[Symbol.asyncDispose]();
}
