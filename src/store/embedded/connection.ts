import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmbeddedConnection } from '../connect-session.ts';
import { clusterIn, databaseName, databaseUser, socketPort } from './cluster.ts';
import { type Cluster, processesOf, readPidFile } from './processes.ts';

// How clients reach the embedded Postgres: by the socket in its data directory.

/** The Postgres that a server has started on the data directory; null when none takes connections there. */
export function connectToRunning(
  dataDir: string,
): (Disposable & { readonly connection: EmbeddedConnection }) | null {
  let cluster: Cluster;
  try {
    cluster = clusterIn(realpathSync(dataDir));
  } catch {
    return null;
  }
  // A file alone may be of one that is gone.
  if (readPidFile(cluster.directory)?.ready !== true || processesOf(cluster).length === 0) {
    return null;
  }
  const link = shortNameFor(cluster);
  return {
    connection: connectionBy(cluster, link),
    [Symbol.dispose]() {
      if (link !== null) rmSync(link, { recursive: true, force: true });
    },
  };
}

/** `link`: what `shortNameFor` made. */
export function connectionBy({ directory }: Cluster, link: string | null): EmbeddedConnection {
  return {
    host: link === null ? directory : join(link, 's'),
    port: socketPort,
    user: databaseUser,
    database: databaseName,
  };
}

/**
 * A socket's path has at most 107 bytes (103 on macOS). Postgres binds it relative to where it stands; clients of a
 * longer path go through a symbolic link in a private directory, which is returned, and theirs to remove.
 */
export function shortNameFor({ directory }: Cluster): string | null {
  const socketBytes = Buffer.byteLength(join(directory, `.s.PGSQL.${socketPort}`));
  if (socketBytes <= 103) return null;
  const base = Buffer.byteLength(tmpdir()) <= 60 ? tmpdir() : '/tmp';
  const link = mkdtempSync(join(base, 'signalbox-'));
  symlinkSync(directory, join(link, 's'));
  return link;
}
