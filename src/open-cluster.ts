import { hkdfSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { Logger } from './core/logger.ts';
import { ClusterDriver, type ClusterDriverOptions } from './engine/cluster-driver.ts';
import { ClusterEngine } from './engine/cluster-engine.ts';
import type { ClusterLink, ClusterPackage } from './engine/cluster-link.ts';
import type { ClusterUi } from './engine/cluster-ui.ts';
import type { LocalEngine } from './engine/local.ts';
import { WakeRelay } from './engine/wake-relay.ts';
import { type Env, InvalidEnv, type TemporalEnv } from './env.ts';
import type { InstallationKeys } from './installation-key.ts';

// The optional package for Temporal is loaded only where it is configured.

const drainMs = 10_000;
/** Activities of one process at once; more wait in Temporal. */
const maxActivities = 1_000;

/** Null: no cluster is configured. Throws `InvalidEnv` when its package is missing. */
export async function openCluster(given: {
  readonly env: Env;
  readonly keys: InstallationKeys;
  readonly logger: Logger;
  readonly local: Pick<LocalEngine, 'stop'>;
  readonly driver: ClusterDriverOptions;
}): Promise<ClusterEngine | null> {
  const { env, logger, local } = given;
  const { temporal } = env;
  if (temporal === null) return null;
  const link = await openLink({ ...given, temporal });
  const relay = new WakeRelay({ db: given.driver.db, logger, link });
  const driver = new ClusterDriver(given.driver);
  return new ClusterEngine({ link, relay, driver, local, logger });
}

/** Null: the operator did not say where it is. */
export function clusterUiOf({ temporal }: Pick<Env, 'temporal'>): ClusterUi | null {
  if (temporal === null || temporal.uiUrl === null) return null;
  return { url: temporal.uiUrl, namespace: temporal.namespace };
}

async function openLink(given: {
  readonly env: Env;
  readonly temporal: TemporalEnv;
  readonly keys: InstallationKeys;
  readonly logger: Logger;
}): Promise<ClusterLink> {
  const { env, temporal, keys, logger } = given;
  const { tls } = temporal;
  const cluster = await loadPackage();
  return cluster.openLink(
    {
      ...temporal,
      maxRuns: Math.min(env.maxRuns, maxActivities),
      drainMs,
      codecKeys: [keys.current, ...keys.former].map(codecKey),
      tls: tls && { ca: fileOrNull(tls.ca), cert: fileOrNull(tls.cert), key: fileOrNull(tls.key) },
    },
    logger,
  );
}

async function loadPackage(): Promise<ClusterPackage> {
  const folder = new URL('../engines/temporal/', import.meta.url);
  if (!existsSync(new URL('node_modules/@temporalio/client', folder))) {
    throw new InvalidEnv(
      'The engine `temporal` is an optional package, and is not installed here. In the folder of Signalbox: npm ci --prefix engines/temporal',
    );
  }
  // Node strips no types below node_modules: there it is as emitted, like this file.
  const main = import.meta.url.endsWith('.ts') ? 'src/index.ts' : 'dist/index.js';
  return (await import(new URL(main, folder).href)) as ClusterPackage;
}

/** Of the secret key, for nothing but what goes into Temporal's histories. */
function codecKey(secret: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', 'signalbox temporal history', 32));
}

function fileOrNull(path: string | null): Buffer | null {
  if (path === null) return null;
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new InvalidEnv(`The file ${path} for TLS with Temporal cannot be read.`, { cause });
  }
}
