import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { ApiError } from '../../core/errors.ts';
import { BackupBusy, takeBackup } from '../../store/backup/take-backup.ts';
import { defineRoute } from '../route.ts';

export const getBackup = defineRoute(
  {
    method: 'get',
    path: '/v1/backup',
    operationId: 'getBackup',
    tag: 'backup',
    summary: 'Take a backup',
    description:
      'The whole installation, all workspaces, as it is at the moment of the request; nothing stops meanwhile. A ' +
      'script for Postgres, compressed with gzip, for `signalbox restore`. It is whole only if its last line begins ' +
      'with `-- signalbox end`. Secrets in it are sealed: restoring needs the same SIGNALBOX_SECRET_KEY, which ' +
      'is not in it. Everything else is in it in clear.',
    resource: 'backup',
    right: 'admin',
    workspace: 'none',
    responses: { 200: { description: 'The backup', contentType: 'application/gzip' } },
    errors: { 409: 'Another backup is being taken' },
  },
  async (call, { db, version }) => {
    const backup = takeBackup(db, { version, signal: call.signal });
    // What keeps it from being taken is an answer; what cuts it off later can only break the stream.
    const first = await backup.next().catch((error) => {
      throw error instanceof BackupBusy ? new ApiError('conflict', error.message) : error;
    });
    const whole = (async function* () {
      if (first.done !== true) yield first.value;
      yield* backup;
    })();
    call.http.header('Content-Type', 'application/gzip');
    call.http.header('Content-Disposition', 'attachment; filename="signalbox-backup.sql.gz"');
    const compressed = createGzip({ level: 3 });
    // Breaks the answer off, which is how the client hears of it.
    pipeline(Readable.from(whole), compressed).catch(() => {});
    return call.http.body(Readable.toWeb(compressed) as ReadableStream);
  },
);
