import { FilterX } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { Agent } from '../api/types.ts';
import { dispositions, type RunsSearch, statuses } from '../search.ts';
import { Button } from '../ui/Button.tsx';
import { Select, TextField } from '../ui/Field.tsx';
import { StartedFilter } from './StartedFilter.tsx';
import { dispositionNames } from './status.ts';

interface BarProps {
  readonly search: RunsSearch;
  readonly agents: readonly Agent[];
  readonly onChange: (search: RunsSearch) => void;
}

const statusNames = {
  accepted: 'Queued',
  running: 'Running',
  completed: 'Completed',
  failed: 'Failed',
} as const;

/** What the list of runs is narrowed by; all of it is in the address. */
export function RunFiltersBar({ search, agents, onChange }: BarProps) {
  const set = (name: keyof RunsSearch) => (event: { target: { value: string } }) => {
    const { [name]: _before, ...rest } = search;
    const { value } = event.target;
    onChange(value === '' ? rest : { ...rest, [name]: value });
  };
  const triggers = agents
    .filter(({ id }) => search.agent === undefined || id === search.agent)
    .flatMap((agent) =>
      agent.triggers.map(({ id, name, type }) => {
        const own = `${name || type} (${type})`;
        return [id, search.agent === undefined ? `${agent.name}: ${own}` : own] as const;
      }),
    );
  return (
    <search className="grid grid-cols-2 gap-2 sm:grid-cols-3 lg:flex lg:flex-wrap lg:items-start">
      <div className="col-span-2 sm:col-span-3 lg:w-52">
        <Typed
          label="Text in answer, error or reason"
          value={search.q ?? ''}
          onChange={(value) => set('q')({ target: { value } })}
        />
      </div>
      <Select
        label="Agent"
        value={search.agent ?? ''}
        onChange={(event) => {
          const { agent: _agent, trigger: _trigger, ...rest } = search;
          const { value } = event.target;
          onChange(value === '' ? rest : { ...rest, agent: value });
        }}
        options={[['', 'All agents'], ...agents.map(({ id, name }) => [id, name] as const)]}
        className="lg:w-40"
      />
      <Select
        label="Status"
        value={search.status ?? ''}
        onChange={set('status')}
        options={[['', 'Any'], ...statuses.map((each) => [each, statusNames[each]] as const)]}
      />
      <Select
        label="Disposition"
        value={search.disposition ?? ''}
        className="lg:w-32"
        onChange={set('disposition')}
        options={[
          ['', 'Any'],
          ...dispositions.map((each) => [each, dispositionNames[each]] as const),
        ]}
      />
      <Select
        label="Trigger"
        value={search.trigger ?? ''}
        onChange={set('trigger')}
        options={[['', 'Any'], ...triggers]}
        className="lg:w-32"
      />
      <StartedFilter search={search} onChange={onChange} />
      <div className="lg:w-24">
        <Typed
          label="Cost from, $"
          value={search.cost ?? ''}
          pattern={/^\d*\.?\d*$/}
          onChange={(value) => set('cost')({ target: { value } })}
        />
      </div>
      {Object.keys(search).length > 0 && (
        <Button
          kind="quiet"
          className="self-end lg:mt-5 lg:self-start"
          icon={<FilterX size={14} aria-hidden />}
          onClick={() => onChange({})}
        >
          Clear
        </Button>
      )}
    </search>
  );
}

/** Text that counts once its writer pauses. */
function Typed(props: {
  readonly label: string;
  readonly value: string;
  readonly pattern?: RegExp;
  readonly onChange: (value: string) => void;
}) {
  const { label, value, pattern, onChange } = props;
  const [typed, setTyped] = useState(value);
  const latest = useRef(onChange);
  latest.current = onChange;
  const wrong = pattern !== undefined && !pattern.test(typed);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value || wrong) return;
    const timer = setTimeout(() => latest.current(typed), 350);
    return () => clearTimeout(timer);
  }, [typed, value, wrong]);
  return (
    <TextField
      label={label}
      value={typed}
      maxLength={200}
      problem={wrong ? 'a number' : null}
      inputMode={pattern ? 'decimal' : 'search'}
      onChange={(event) => setTyped(event.target.value)}
    />
  );
}
