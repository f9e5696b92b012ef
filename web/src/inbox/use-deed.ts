import { type DataTag, type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useSubmit } from '../ui/use-submit.ts';

/** Does something to an item: shows what it is then at once, and asks again for all that changes with it. */
export function useDeed<Item>(
  item: { readonly queryKey: DataTag<QueryKey, Item, Error> },
  changes: readonly QueryKey[],
) {
  const queries = useQueryClient();
  const { busy, error, submit } = useSubmit();
  const key: QueryKey = item.queryKey;
  const act = (deed: () => Promise<Item>) =>
    void submit(async () => {
      queries.setQueryData<Item>(key, await deed());
      await Promise.all(changes.map((queryKey) => queries.invalidateQueries({ queryKey })));
    });
  return { busy, error, act };
}
