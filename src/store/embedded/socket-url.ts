import type { EmbeddedConnection } from '../connect-session.ts';

/** The embedded server as a `DATABASE_URL`, for another process. */
export function socketUrl({ host, port, user, database }: EmbeddedConnection): string {
  return `postgresql://${encodeURIComponent(user)}@/${database}?host=${encodeURIComponent(host)}&port=${port}`;
}
