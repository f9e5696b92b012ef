/** Every day from one to another, both included, as `2026-04-03`. */
export function daysOf(from: string, to: string): string[] {
  const days: string[] = [];
  const last = Date.parse(`${to.slice(0, 10)}T00:00:00Z`);
  for (let at = Date.parse(`${from.slice(0, 10)}T00:00:00Z`); at <= last; at += 86_400_000) {
    days.push(new Date(at).toISOString().slice(0, 10));
  }
  return days;
}
