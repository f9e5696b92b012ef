import { Link } from '@tanstack/react-router';
import type { InboxSearch } from '../search.ts';
import { Badge } from '../ui/Badge.tsx';
import { classes } from '../ui/classes.ts';
import { Time } from '../ui/Time.tsx';
import type { InboxItem } from './use-inbox.ts';

/** The items, each a link that opens it beside the list. */
export function InboxList(props: {
  readonly items: readonly InboxItem[];
  readonly names: ReadonlyMap<string, string>;
  readonly selected: string | null;
  readonly search: InboxSearch;
}) {
  const { items, names, selected, search } = props;
  return (
    <ul aria-label="Items" className="divide-y divide-line/70">
      {items.map(({ id, agentId, text, status, flags, createdAt }) => (
        <li key={id}>
          <Link
            to="/inbox"
            search={{ ...search, item: id }}
            data-item={id}
            aria-current={id === selected ? 'true' : undefined}
            className={classes(
              'block space-y-1 px-4 py-2.5 text-[13px] -outline-offset-2',
              id === selected ? 'bg-sunken' : 'hover:bg-sunken/70',
            )}
          >
            <span className="flex items-baseline gap-2">
              <span className="min-w-0 grow truncate font-medium">
                {names.get(agentId) ?? 'Deleted agent'}
              </span>
              <span className="text-2xs text-faint">
                <Time at={createdAt} />
              </span>
            </span>
            <span className="line-clamp-2 break-words text-muted">{text.slice(0, 300)}</span>
            {(status !== null || flags.length > 0) && (
              <span className="flex flex-wrap gap-1">
                {status !== null && <Badge>{status}</Badge>}
                {flags.map((flag) => (
                  <Badge key={flag} tone="warn">
                    {flag}
                  </Badge>
                ))}
              </span>
            )}
          </Link>
        </li>
      ))}
    </ul>
  );
}
