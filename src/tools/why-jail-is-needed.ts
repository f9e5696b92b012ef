import type { Queryable } from '../store/connect.ts';
import { toolsWithPackages } from '../store/custom-tools.ts';

/** Which stored tools only the jail can run, in a sentence; null when there are none. */
export async function whyJailIsNeeded(db: Queryable): Promise<string | null> {
  const { count, names } = await toolsWithPackages(db, { language: 'python', limit: 5 });
  if (count === 0) return null;
  const more = count > names.length ? `, and ${count - names.length} more` : '';
  const what = count === 1 ? 'a tool imports' : `${count} tools import`;
  return `${what} packages for Python, which only the jail has: ${names.join(', ')}${more}.`;
}
