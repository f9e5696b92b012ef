/** A calendar month in UTC. */
export interface Month {
  /** Such as `2026-04`. */
  readonly name: string;
  readonly from: Date;
  /** The first moment after it. */
  readonly to: Date;
  readonly isCurrent: boolean;
  /** How much of it is over, from 0 to 1. */
  readonly elapsedShare: number;
}

/** The month of that name as it stands at a moment; the one of the moment, if none is named. */
export function monthAt(now: Date, name: string = nameOfMonth(now)): Month {
  const from = new Date(`${name}-01T00:00:00Z`);
  const to = new Date(from);
  to.setUTCMonth(to.getUTCMonth() + 1);
  const share = (now.getTime() - from.getTime()) / (to.getTime() - from.getTime());
  const elapsedShare = Math.min(1, Math.max(0, share));
  return { name, from, to, isCurrent: name === nameOfMonth(now), elapsedShare };
}

/** What the whole month comes to, if its rest goes as it has so far. */
export function forecast(soFar: number, { elapsedShare }: Pick<Month, 'elapsedShare'>): number {
  return elapsedShare === 0 ? soFar : soFar / elapsedShare;
}

function nameOfMonth(time: Date): string {
  return time.toISOString().slice(0, 7);
}
