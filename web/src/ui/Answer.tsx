import type { ReactNode } from 'react';
import { Button } from './Button.tsx';
import { Failed, Loading } from './States.tsx';

export interface Asked<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly refetch: () => unknown;
}

/** What a query answered; until then that it loads, or why it cannot be shown. */
export function Answer<T>(props: {
  readonly query: Asked<T>;
  readonly label: string;
  readonly children: (data: T) => ReactNode;
}) {
  const { query, label, children } = props;
  if (query.data !== undefined) return children(query.data);
  return <Unanswered query={query} label={label} />;
}

/** In place of an answer that is not there: that it loads, or why it cannot be shown. */
export function Unanswered(props: {
  readonly query: Pick<Asked<unknown>, 'error' | 'refetch'>;
  readonly label: string;
}) {
  const { query, label } = props;
  if (query.error) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  return <Loading label={label} />;
}

interface Paged<T> {
  readonly pages: readonly { readonly data: readonly T[] }[];
}

/** The items of all pages that were read so far. */
export function itemsOf<T>(answer: Paged<T>): readonly T[];
export function itemsOf<T>(answer: Paged<T> | undefined): readonly T[] | undefined;
export function itemsOf<T>(answer: Paged<T> | undefined): readonly T[] | undefined {
  return answer?.pages.flatMap(({ data }) => data);
}

/** Asks for the next page, where there is one. */
export function More(props: {
  readonly query: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => unknown;
  };
  readonly children: ReactNode;
}) {
  const { query, children } = props;
  if (!query.hasNextPage) return null;
  return (
    <div className="flex justify-center border-t border-line/70 p-2">
      <Button
        kind="quiet"
        busy={query.isFetchingNextPage}
        onClick={() => void query.fetchNextPage()}
      >
        {children}
      </Button>
    </div>
  );
}
