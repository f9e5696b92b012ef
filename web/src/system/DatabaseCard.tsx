import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { databaseHealthQuery } from '../api/queries.ts';
import { Answer } from '../ui/Answer.tsx';
import { Lamp } from '../ui/Badge.tsx';
import { bytes, counted, duration } from '../ui/format.ts';
import { Card } from '../ui/Page.tsx';

/** What takes the room of the database, how its upkeep goes, and which statements were slow. */
export function DatabaseCard() {
  const health = useQuery(databaseHealthQuery);
  return (
    <Card title="Database">
      <Answer query={health} label="Loading the state of the database">
        {(data) => (
          <>
            <p className="border-b border-line/70 px-4 py-3 text-[13px]">
              {bytes(data.size_bytes)}
              <span className="text-muted"> in Postgres {data.version}</span>
            </p>
            <ul className="divide-y divide-line/70" aria-label="Upkeep">
              {data.checks.map(({ name, ok, message }) => (
                <li key={name} className="flex flex-wrap gap-x-4 gap-y-1 px-4 py-2 text-[13px]">
                  <span className="w-44 font-medium">
                    <Lamp tone={ok ? 'good' : 'bad'}>
                      <span className="inline-block first-letter:uppercase">{name}</span>
                    </Lamp>
                  </span>
                  <span className="min-w-0 grow basis-56 break-words text-muted">{message}</span>
                </li>
              ))}
            </ul>
            <List title="Room">
              {data.by_what.map(({ what, size_bytes }) => (
                <Line key={what} name={what} value={bytes(size_bytes)} />
              ))}
            </List>
            {data.slow_statements.length > 0 && (
              <List title="Slow statements">
                {data.slow_statements.map(({ statement, times, longest_ms }) => (
                  <Line
                    key={statement}
                    name={statement}
                    value={`${counted(times, 'time')}, up to ${duration(longest_ms)}`}
                  />
                ))}
              </List>
            )}
          </>
        )}
      </Answer>
    </Card>
  );
}

function List({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="border-t border-line/70 px-4 py-3">
      <h3 className="pb-1 font-medium text-[13px]">{title}</h3>
      <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1 text-[13px]">
        {children}
      </dl>
    </section>
  );
}

function Line({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt className="min-w-0 break-words text-muted">{name}</dt>
      <dd className="text-right tabular-nums">{value}</dd>
    </>
  );
}
