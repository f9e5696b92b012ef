import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { ArrowLeft, Inbox, Keyboard } from 'lucide-react';
import { useState } from 'react';
import { agentsQuery } from '../api/queries.ts';
import type { InboxKind, InboxSearch } from '../search.ts';
import { useSession } from '../shell/workspace.tsx';
import { Answer, More } from '../ui/Answer.tsx';
import { Button } from '../ui/Button.tsx';
import { classes } from '../ui/classes.ts';
import { Check, Select } from '../ui/Field.tsx';
import { Card, Page } from '../ui/Page.tsx';
import { Empty } from '../ui/States.tsx';
import { useMedia } from '../ui/use-media.ts';
import { useShortcuts } from '../ui/use-shortcuts.ts';
import { ApprovalView } from './ApprovalView.tsx';
import { EscalationView } from './EscalationView.tsx';
import { FieldDecisionView } from './FieldDecisionView.tsx';
import { InboxList } from './InboxList.tsx';
import { ShortcutsHelp } from './ShortcutsHelp.tsx';
import { inboxKeys } from './shortcuts.ts';
import { useInbox } from './use-inbox.ts';
import { useOpenCounts } from './use-open-counts.ts';

const route = getRouteApi('/inbox');

const kinds = {
  escalations: {
    label: 'Escalations',
    mine: 'Assigned to me',
    View: EscalationView,
    nothing: 'Nobody waits for you',
    about:
      'What agents hand over comes here: replies of copilots, open questions, broken guardrails.',
  },
  approvals: {
    label: 'Approvals',
    mine: 'That name me',
    View: ApprovalView,
    nothing: 'Nothing waits for approval',
    about:
      'Calls of tools that need approval, and runs that ask before they begin or answer, come here.',
  },
  fields: {
    label: 'Field updates',
    mine: null,
    View: FieldDecisionView,
    nothing: 'Nothing is proposed',
    about:
      'What agents propose for fields of records comes here, and whom they would give a ticket to.',
  },
} as const satisfies Record<InboxKind, object>;
const kindNames = Object.keys(kinds) as readonly InboxKind[];

/** The list of a kind, by the filters that there are. */
function listOf({ item: _, show: _shown, ...kept }: InboxSearch, kind: InboxKind): InboxSearch {
  return kind === 'escalations' ? kept : { ...kept, show: kind };
}

/** What waits for a person: the list at the side, one item with all that is known of it in the middle. */
export function InboxPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { me, workspaceId } = useSession();
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
        <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2">
          <Kinds shown={kind} search={search} />
          <Select
            label="Agent"
            hideLabel
            value={search.agent ?? ''}
            className="w-44"
            options={[
              ['', 'Every agent'],
              ...(agents.data ?? []).map(({ id, name }) => [id, name] as const),
            ]}
            onChange={({ target: { value } }) => {
              const { agent: _before, ...rest } = search;
              change(value === '' ? rest : { ...rest, agent: value });
            }}
          />
          <Check
            label="Decided ones too"
            checked={search.all ?? false}
            onChange={({ target }) => {
              const { all: _before, ...rest } = search;
              change(target.checked ? { ...rest, all: true } : rest);
            }}
          />
          {me.user !== null && kinds[kind].mine !== null && (
            <Check
              label={kinds[kind].mine}
              checked={search.mine ?? false}
              onChange={({ target }) => {
                const { mine: _before, ...rest } = search;
                change(target.checked ? { ...rest, mine: true } : rest);
              }}
            />
          )}
        </div>
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

function Nothing({ kind, search }: { readonly kind: InboxKind; readonly search: InboxSearch }) {
  const isMine = search.mine === true && kinds[kind].mine !== null;
  const isFiltered = search.agent !== undefined || isMine;
  return (
    <Empty icon={<Inbox aria-hidden />} title={kinds[kind].nothing}>
      {isFiltered ? 'Of what is filtered here, that is.' : kinds[kind].about}
    </Empty>
  );
}
