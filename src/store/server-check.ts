import type { Database } from './connect.ts';

const oldestVersion = 15;

interface ServerRow {
  readonly version: number;
  readonly encoding: string;
  readonly standby: boolean;
  readonly pid: number;
}

const serverSql = `
  SELECT current_setting('server_version_num')::integer AS version,
    current_setting('server_encoding') AS encoding,
    pg_is_in_recovery() AS standby,
    pg_backend_pid() AS pid`;

/** Throws, in plain words, when the database's server is one that Signalbox cannot keep its promises on. */
export async function assertUsableServer(db: Database): Promise<void> {
  await using first = await db.connect();
  const [server] = await first.query<ServerRow>(serverSql);
  if (server === undefined) throw new Error('The database did not answer.');
  if (server.version < oldestVersion * 10_000) {
    const major = Math.floor(server.version / 10_000);
    throw new Error(
      `The database is PostgreSQL ${major}; Signalbox needs ${oldestVersion} or later.`,
    );
  }
  if (server.encoding !== 'UTF8') {
    throw new Error(
      `The database has the encoding ${server.encoding}. Make one with ENCODING 'UTF8' for Signalbox.`,
    );
  }
  if (server.standby) {
    throw new Error('The database is a read-only standby. Point DATABASE_URL at the primary.');
  }
  // A process id that the server does not know itself by means that something stands in between. A session
  // pooler does no harm; one that lends the same backend to two open connections loses session state.
  if (first.announcedPid === server.pid) return;
  await using second = await db.connect();
  const [other] = await second.query<ServerRow>(serverSql);
  const [again] = await first.query<ServerRow>(serverSql);
  if (other?.pid !== server.pid && again?.pid === server.pid) return;
  throw new Error(
    'DATABASE_URL leads to a transaction pooler. Signalbox needs sessions of its own (LISTEN, advisory ' +
      'locks, settings): connect to Postgres directly, or set the pooler to session mode.',
  );
}
