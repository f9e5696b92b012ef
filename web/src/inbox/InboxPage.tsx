import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { ArrowLeft, Inbox, Keyboard } from 'lucide-react';
import { useState } from 'react';
import { agentsQuery } from '../api/queries.ts';
import type { InboxKind, InboxSearch } from '../search.ts';
import { useSession } from '../shell/workspace.tsx';
import { Answer, More } from '../ui/Answer.tsx';
import { Button } from '../ui/Button.tsx';
import { Card, Page } from '../ui/Page.tsx';
import { Empty } from '../ui/States.tsx';
import { useMedia } from '../ui/use-media.ts';
import { useShortcuts } from '../ui/use-shortcuts.ts';
import { InboxFilters } from './InboxFilters.tsx';
import { InboxList } from './InboxList.tsx';
import { kindNames, kinds, listOf } from './kinds.ts';
import { ShortcutsHelp } from './ShortcutsHelp.tsx';
import { inboxKeys } from './shortcuts.ts';
import { useInbox } from './use-inbox.ts';

const route = getRouteApi('/inbox');

/** What waits for a person: the list at the side, one item with all that is known of it in the middle. */
export function InboxPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { workspaceId } = useSession();
  const [isHelping, setHelping] = useState(false);
  const isWide = useMedia('(min-width: 64rem)');
  const agents = useQuery(agentsQuery(workspaceId));
  const { query, items } = useInbox(search);
  const names = new Map((agents.data ?? []).map(({ id, name }) => [id, name]));
  const first = useFirst(items?.[0]?.id ?? null, search);
  // On a narrow page an item is opened; on a wide one the first is.
  const selected = search.item ?? (isWide ? first : null);
  const change = (next: InboxSearch) => void navigate({ search: next, replace: true });
  const open = (id: string | undefined) => {
    if (id === undefined) return;
    void navigate({ search: { ...search, item: id }, replace: true }).then(() =>
      document.querySelector<HTMLElement>(`[data-item="${id}"]`)?.focus(),
    );
  };
  const step = (by: number) => {
    const at = items?.findIndex(({ id }) => id === selected) ?? -1;
    if (items !== undefined) open(items[Math.max(0, Math.min(items.length - 1, at + by))]?.id);
  };
  const kind = search.show ?? 'escalations';
  const at = kindNames.indexOf(kind);
  const other = kindNames[(at + 1) % kindNames.length] ?? kind;
  useShortcuts([
    { key: inboxKeys.next[0], act: () => step(1) },
    { key: inboxKeys.previous[0], act: () => step(-1) },
    { key: inboxKeys.other[0], act: () => change(listOf(search, other)) },
    { key: inboxKeys.help[0], act: () => setHelping(true) },
  ]);
  const { View } = kinds[kind];
  const isOpened = !isWide && search.item !== undefined;
  const list = (
    <Card className="lg:sticky lg:top-4 lg:max-h-[calc(100dvh-7rem)] lg:overflow-y-auto">
      <Answer query={{ ...query, data: items }} label="Loading the inbox">
        {(shown) =>
          shown.length === 0 ? (
            <Nothing kind={kind} search={search} />
          ) : (
            <>
              <InboxList items={shown} {...{ names, selected, search }} />
              <More query={query}>Older ones</More>
            </>
          )
        }
      </Answer>
    </Card>
  );
  return (
    <Page
      title="Inbox"
      above={
        isOpened ? (
          <Link
            to="/inbox"
            search={listOf(search, kind)}
            className="inline-flex items-center gap-1 hover:underline"
          >
            <ArrowLeft size={12} aria-hidden />
            All of them
          </Link>
        ) : undefined
      }
      actions={
        <Button
          kind="quiet"
          className="max-md:hidden"
          icon={<Keyboard size={15} aria-hidden />}
          onClick={() => setHelping(true)}
        >
          Keys: ?
        </Button>
      }
    >
      {!isOpened && (
        <InboxFilters kind={kind} search={search} agents={agents.data ?? []} onChange={change} />
      )}
      <div className="grid items-start gap-4 lg:grid-cols-[16rem_minmax(0,1fr)]">
        {!isOpened && list}
        {selected !== null && (
          <div key={selected} className="min-w-0">
            <View id={selected} />
          </div>
        )}
      </div>
      {isHelping && <ShortcutsHelp onClose={() => setHelping(false)} />}
    </Page>
  );
}

/** The item that came first when the list was opened: it stays, though it leaves the list when it is decided. */
function useFirst(id: string | null, { show, all, mine, agent }: InboxSearch): string | null {
  const list = `${show}${all}${mine}${agent}`;
  const [kept, setKept] = useState({ list, id });
  if (kept.list !== list || (kept.id === null && id !== null)) {
    setKept({ list, id });
    return id;
  }
  return kept.id;
}

function Nothing({ kind, search }: { readonly kind: InboxKind; readonly search: InboxSearch }) {
  const isMine = search.mine === true && kinds[kind].mine !== null;
  const isFiltered = search.agent !== undefined || isMine;
  return (
    <Empty icon={<Inbox aria-hidden />} title={kinds[kind].nothing}>
      {isFiltered ? 'Of what is filtered here, that is.' : kinds[kind].about}
    </Empty>
  );
}
