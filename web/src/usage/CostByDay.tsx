import type { Usage } from '../api/types.ts';
import { count, money } from '../ui/format.ts';
import { daysOf } from './days.ts';

const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** A bar for each day; in words, too, for who does not see it. */
export function CostByDay({ usage }: { readonly usage: Usage }) {
  const byDay = new Map(usage.groups.map((group) => [group.day, group]));
  const days = daysOf(usage.from, usage.to).map((day) => ({
    day,
    cost: byDay.get(day)?.total_cost ?? 0,
    runs: byDay.get(day)?.runs ?? 0,
  }));
  const most = Math.max(...days.map(({ cost }) => cost), 0);
  const say = (day: string) => date.format(new Date(`${day}T00:00:00Z`));
  const dearest = days.find(({ cost }) => cost === most);
  const label =
    most === 0 || dearest === undefined
      ? 'Nothing was spent'
      : `${money(usage.totals.total_cost)} in ${days.length} days, the most on ${say(dearest.day)}: ${money(most)}`;
  return (
    <div className="px-4 pb-3 pt-2">
      <div role="img" aria-label={label} className="flex h-28 items-end gap-px">
        {days.map(({ day, cost, runs }) => (
          <div
            key={day}
            title={`${say(day)}: ${money(cost)}, ${count(runs)} runs`}
            className="flex h-full min-w-0 grow items-end hover:bg-sunken"
          >
            <div
              className={`w-full rounded-t-[2px] ${cost === 0 ? 'bg-strong' : 'bg-accent'}`}
              style={{ height: cost === 0 ? '1px' : `${Math.max(2, (100 * cost) / most)}%` }}
            />
          </div>
        ))}
      </div>
      <div aria-hidden className="mt-1 flex justify-between text-2xs text-faint">
        <span>{say(usage.from)}</span>
        <span>at most {money(most)} a day</span>
        <span>{say(usage.to)}</span>
      </div>
    </div>
  );
}
