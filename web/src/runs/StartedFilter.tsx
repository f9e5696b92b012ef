import { isTurnedAround, type RunsSearch } from '../search.ts';
import { Select, TextField } from '../ui/Field.tsx';
import { localTime } from '../ui/local-time.ts';

const dayMs = 86_400_000;

const times = [
  ['', 'Any time'],
  ['1', 'Last hour'],
  ['24', 'Last 24 hours'],
  ['168', 'Last 7 days'],
  ['720', 'Last 30 days'],
  ['between', 'Between …'],
] as const;

/** When runs began: in the hours up to now, or between two moments of the browser's own clock. */
export function StartedFilter(props: {
  readonly search: RunsSearch;
  readonly onChange: (search: RunsSearch) => void;
}) {
  const { search, onChange } = props;
  const { hours, from, to, ...rest } = search;
  const isBetween = from !== undefined || to !== undefined;
  const choose = (value: string) => {
    if (value === '') return onChange(rest);
    if (value !== 'between') return onChange({ ...rest, hours: Number(value) });
    const sinceMs = Date.now() - (hours === undefined ? dayMs : (hours * dayMs) / 24);
    onChange({ ...rest, from: new Date(sinceMs).toISOString() });
  };
  const set = (name: 'from' | 'to') => (event: { target: { value: string } }) => {
    const { [name]: _before, ...others } = search;
    const { value } = event.target;
    onChange(value === '' ? others : { ...others, [name]: new Date(value).toISOString() });
  };
  return (
    <>
      <Select
        label="Started"
        value={isBetween ? 'between' : String(hours ?? '')}
        onChange={(event) => choose(event.target.value)}
        options={times}
      />
      {isBetween && (
        <>
          <TextField
            label="From"
            type="datetime-local"
            value={localTime(from ?? null)}
            onChange={set('from')}
          />
          <TextField
            label="To"
            type="datetime-local"
            value={localTime(to ?? null)}
            problem={isTurnedAround(search) ? 'not after “From”' : null}
            onChange={set('to')}
          />
        </>
      )}
    </>
  );
}
