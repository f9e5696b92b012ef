// What to do about an error of the database.

/**
 * What to do about an error of the database. `bad_data`: the statement's values can never be written.
 * `transient`: nothing was written, the same again may work. `connection`: the connection is gone, and
 * the outcome is unknown. `other`: a mistake of ours, or no error of the database at all.
 */
export type DatabaseFault = 'bad_data' | 'transient' | 'connection' | 'other';

export function databaseFault(error: unknown): DatabaseFault {
  const code = codeOf(error);
  // First, since EPIPE has the form of an SQLSTATE.
  if (code !== null && socketErrors.has(code)) return 'connection';
  if (code !== null && /^[0-9A-Z]{5}$/.test(code)) return faultOfSqlState(code, error);
  if (code !== null && isConnectError(error)) return 'connection';
  const message = error instanceof Error ? error.message : '';
  return connectionMessages.some((part) => message.includes(part)) ? 'connection' : 'other';
}

/** Whether the values hold a text that the database cannot: one with a NUL. Nothing was written. */
export function isUnstorableText(error: unknown): boolean {
  return codeOf(error) === '22021';
}

function faultOfSqlState(code: string, error: unknown): DatabaseFault {
  // The session was ended from outside, perhaps after its commit (57P…; 25P03 and 25P04 are its timeouts).
  if (code.startsWith('57P') || code.startsWith('08')) return 'connection';
  if (code === '0A000') return isStalePlan(error) ? 'transient' : 'other';
  switch (code.slice(0, 2)) {
    case '22':
    case '23':
    case '54':
      return 'bad_data';
    case '25':
      // 25006: the server takes no writes now, as while another one takes over.
      return code === '25P03' || code === '25P04' || code === '25006' ? 'transient' : 'other';
    case '40':
    case '53':
    case '55':
    case '57':
    // The machine's: a disk that fails or is full.
    case '58':
      return 'transient';
    default:
      return 'other';
  }
}

// A prepared statement whose table was changed by a migration since: a new connection prepares it anew.
export function isStalePlan(error: unknown): boolean {
  return error instanceof Error && error.message.includes('cached plan');
}

export function leavesSessionUsable(error: unknown): boolean {
  const code = codeOf(error);
  if (code === '25P03' || code === '25P04' || isStalePlan(error)) return false;
  return databaseFault(error) !== 'connection';
}

function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

// ENOENT and EACCES of the socket's path, among others.
function isConnectError(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'syscall' in error && error.syscall === 'connect'
  );
}

const socketErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
]);

const connectionMessages = [
  'Connection terminated',
  'connection timeout',
  'Query read timeout',
  'timeout exceeded when trying to connect',
  'Client has encountered a connection error',
  'Client was closed',
  'Cannot use a pool after calling end',
];
