import { History } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { type Asked, Unanswered } from './Answer.tsx';
import { Badge } from './Badge.tsx';
import { ConfirmButton } from './Confirm.tsx';
import { classes } from './classes.ts';
import { Card } from './Page.tsx';
import { Time } from './Time.tsx';

interface Chosen<V> {
  readonly number: number;
  readonly version: V;
  /** The one that it followed, unless it is the first. */
  readonly before: V | undefined;
  readonly choose: (number: number) => void;
}

/** The versions of a thing, newest first, and beside them what the chosen one changed. */
export function Versions<V extends { readonly created_at: string }>(props: {
  readonly query: Asked<readonly V[]>;
  readonly current: number;
  readonly numberOf: (version: V) => number;
  readonly badge?: (version: V) => ReactNode;
  readonly actions: (chosen: Chosen<V>) => ReactNode;
  readonly children: (chosen: Chosen<V>) => ReactNode;
}) {
  const { query, current, numberOf, badge, actions, children } = props;
  const [number, choose] = useState(current);
  if (query.data === undefined) {
    return (
      <Card>
        <Unanswered query={query} label="Loading versions" />
      </Card>
    );
  }
  const at = query.data.findIndex((version) => numberOf(version) === number);
  const version = query.data[at];
  const chosen = version && { number, version, before: query.data[at + 1], choose };
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[16rem_minmax(0,1fr)]">
      <Card title="Versions">
        <ol className="max-h-[70dvh] overflow-y-auto">
          {query.data.map((each) => (
            <li key={numberOf(each)}>
              <button
                type="button"
                aria-pressed={numberOf(each) === number}
                onClick={() => choose(numberOf(each))}
                className={classes(
                  'flex w-full items-center gap-2 px-4 py-2 text-left text-[13px] hover:bg-sunken',
                  numberOf(each) === number && 'bg-sunken font-medium',
                )}
              >
                <span className="grow">Version {numberOf(each)}</span>
                {numberOf(each) === current && <Badge tone="good">current</Badge>}
                {badge?.(each)}
                <span className="text-xs text-muted">
                  <Time at={each.created_at} />
                </span>
              </button>
            </li>
          ))}
        </ol>
      </Card>
      {chosen && (
        <Card
          title={chosen.before ? `What version ${number} changed` : `Version ${number}, the first`}
          actions={actions(chosen)}
        >
          <div className="space-y-4 p-4">{children(chosen)}</div>
        </Card>
      )}
    </div>
  );
}

/** The way back to a version, once it was asked about. */
export function BringBack(props: {
  readonly why: string | null;
  readonly question: string;
  readonly explanation: string;
  readonly act: () => Promise<unknown>;
}) {
  return (
    <ConfirmButton
      small
      icon={<History size={14} aria-hidden />}
      confirmLabel="Bring it back"
      {...props}
    >
      Bring it back
    </ConfirmButton>
  );
}
