import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Inspecting, Inspector } from '../../engines/temporal/testing/inspector.ts';
import { ClusterDriver, type ClusterDriverOptions } from '../../src/engine/cluster-driver.ts';
import { ClusterEngine } from '../../src/engine/cluster-engine.ts';
import type { ClusterPackage } from '../../src/engine/cluster-link.ts';
import { WakeRelay } from '../../src/engine/wake-relay.ts';
import { repositoryRoot } from './source-tree.ts';

/** The engine of a cluster in this process: it tells of runs, and drives them (unless told not to). */
export async function startCluster(given: {
  readonly address: string;
  /** Of the test's own, so that tests on one server do not meet. */
  readonly taskQueue: string;
  readonly driver: ClusterDriverOptions;
  readonly drainMs: number;
  /** Default. Otherwise it only tells. */
  readonly works?: boolean;
  /** At once; default: 200. */
  readonly maxRuns?: number;
}): Promise<ClusterEngine> {
  const { driver, address, taskQueue, drainMs, works = true, maxRuns = 200 } = given;
  const { db, logger } = driver;
  const main = pathToFileURL(join(repositoryRoot, 'engines', 'temporal', 'src', 'index.ts'));
  const cluster = (await import(main.href)) as ClusterPackage;
  const link = cluster.openLink(
    {
      ...{ address, namespace: 'default', apiKey: null, tls: null, taskQueue, drainMs },
      ...{ classes: new Map(), workFor: null, maxRuns, codecKeys: [new Uint8Array(32)] },
    },
    logger,
  );
  const engine = new ClusterEngine({
    link,
    relay: new WakeRelay({ db, logger, link, pollMs: 50 }),
    driver: new ClusterDriver(driver),
    local: { stop: () => undefined },
    logger,
  });
  engine.tell();
  if (works) await engine.work();
  return engine;
}

/** What can be asked of a Temporal server. Its package is optional: the types of all else do not depend on it. */
export async function openInspector(address: string): Promise<Inspector> {
  const main = join(repositoryRoot, 'engines', 'temporal', 'testing', 'inspect.ts');
  const inspecting = (await import(pathToFileURL(main).href)) as Inspecting;
  return inspecting.openInspector(address);
}
