import type { Logger } from '../core/logger.ts';
import type { Database } from '../store/connect.ts';
import { setUpPgvector } from '../store/kb-pgvector.ts';

/** Whether the database finds by pgvector. What it lacks for that costs nothing else. */
export async function openPgvector(db: Database, logger: Logger): Promise<boolean> {
  try {
    return await setUpPgvector(db);
  } catch (err) {
    logger.warn({ err }, 'The database has pgvector, but Signalbox may not use it');
    return false;
  }
}
