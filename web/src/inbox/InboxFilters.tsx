import { Link } from '@tanstack/react-router';
import type { Agent } from '../api/types.ts';
import type { InboxKind, InboxSearch } from '../search.ts';
import { useSession } from '../shell/workspace.tsx';
import { classes } from '../ui/classes.ts';
import { Check, Select } from '../ui/Field.tsx';
import { kindNames, kinds, listOf } from './kinds.ts';
import { useOpenCounts } from './use-open-counts.ts';

/** What the inbox is narrowed to; all of it is in the address. */
export function InboxFilters(props: {
  readonly kind: InboxKind;
  readonly search: InboxSearch;
  readonly agents: readonly Agent[];
  readonly onChange: (search: InboxSearch) => void;
}) {
  const { kind, search, agents, onChange } = props;
  const { me } = useSession();
  const { mine } = kinds[kind];
  const set = <Name extends 'agent' | 'all' | 'mine'>(
    name: Name,
    value: InboxSearch[Name] | undefined,
  ) => {
    const { [name]: _before, ...rest } = search;
    onChange(value === undefined ? rest : { ...rest, [name]: value });
  };
  return (
    <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2">
      <Kinds shown={kind} search={search} />
      <Select
        label="Agent"
        hideLabel
        value={search.agent ?? ''}
        className="w-44"
        options={[['', 'Every agent'], ...agents.map(({ id, name }) => [id, name] as const)]}
        onChange={({ target }) => set('agent', target.value || undefined)}
      />
      <Check
        label="Decided ones too"
        checked={search.all ?? false}
        onChange={({ target }) => set('all', target.checked || undefined)}
      />
      {me.user !== null && mine !== null && (
        <Check
          label={mine}
          checked={search.mine ?? false}
          onChange={({ target }) => set('mine', target.checked || undefined)}
        />
      )}
    </div>
  );
}

/** The kinds of what waits, with how many are open. */
function Kinds({ shown, search }: { readonly shown: InboxKind; readonly search: InboxSearch }) {
  const { workspaceId } = useSession();
  const counts = useOpenCounts(workspaceId);
  return (
    <nav aria-label="Kinds" className="flex rounded-md border border-line bg-surface p-0.5">
      {kindNames.map((kind) => (
        <Link
          key={kind}
          to="/inbox"
          search={listOf(search, kind)}
          aria-current={kind === shown ? 'page' : undefined}
          className={classes(
            'rounded px-3 py-1 text-[13px] font-medium',
            kind === shown ? 'bg-sunken text-ink' : 'text-muted hover:text-ink',
          )}
        >
          {kinds[kind].label}
          {counts !== undefined && counts[kind] !== '0' && (
            <span className="ml-1.5 text-2xs text-muted">
              {counts[kind]}
              <span className="sr-only"> open</span>
            </span>
          )}
        </Link>
      ))}
    </nav>
  );
}
