import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { knowledgeStatusQuery } from '../api/know-queries.ts';
import { useSession } from '../shell/workspace.tsx';
import { count, counted } from '../ui/format.ts';
import { liveEveryMs, quietEveryMs } from '../ui/live.ts';
import { Page } from '../ui/Page.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import { AddKnowledge } from './AddKnowledge.tsx';
import { Gaps } from './Gaps.tsx';
import { NodeView } from './NodeView.tsx';
import { SearchKnowledge } from './SearchKnowledge.tsx';
import { Tree } from './Tree.tsx';

const route = getRouteApi('/knowledge');

/** What agents answer from: a tree of files, the search over it, and what it could not answer. */
export function KnowledgePage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const open = (node: string | null) =>
    void navigate({ search: node === null ? {} : { node }, replace: true });
  return (
    <Page title="Knowledge" badge={<Indexing />} actions={<AddKnowledge onAdded={open} />}>
      <Tabs
        label="Views of the knowledge"
        value={search.tab ?? 'tree'}
        onChange={(tab) => void navigate({ search: tab === 'tree' ? {} : { tab }, replace: true })}
        tabs={[
          {
            value: 'tree',
            label: 'Files',
            content: (
              <div className="grid items-start gap-4 pt-4 lg:grid-cols-[20rem_minmax(0,1fr)]">
                <Tree selected={search.node ?? null} />
                {search.node === undefined ? (
                  <p className="px-1 py-3 text-[13px] text-muted">
                    Choose a file to read it, or search as an agent would.
                  </p>
                ) : (
                  <NodeView key={search.node} id={search.node} onGone={() => open(null)} />
                )}
              </div>
            ),
          },
          {
            value: 'search',
            label: 'Search',
            content: (
              <div className="pt-4">
                <SearchKnowledge
                  asked={search.q ?? ''}
                  onAsk={(q) =>
                    void navigate({
                      search: q === '' ? { tab: 'search' } : { tab: 'search', q },
                      replace: true,
                    })
                  }
                />
              </div>
            ),
          },
          {
            value: 'gaps',
            label: 'Gaps',
            content: (
              <div className="pt-4">
                <Gaps onAnswered={open} />
              </div>
            ),
          },
        ]}
      />
    </Page>
  );
}

/** How far indexing is. */
function Indexing() {
  const { workspaceId } = useSession();
  const status = useQuery({
    ...knowledgeStatusQuery(workspaceId),
    refetchInterval: ({ state }) =>
      state.data && waitingOf(state.data.nodes) > 0 ? liveEveryMs : quietEveryMs,
  });
  if (status.data === undefined) return null;
  const { nodes, chunks } = status.data;
  const waiting = waitingOf(nodes);
  const all = waiting + nodes.ready + nodes.failed;
  return (
    <span role="status" className="text-xs font-normal tracking-normal text-muted">
      {waiting > 0 ? (
        <span className="inline-flex items-center gap-2">
          <progress
            aria-label="Indexing"
            max={all}
            value={all - waiting}
            className="h-1.5 w-24 accent-(--accent)"
          />
          {count(waiting)} of {count(all)} to index
        </span>
      ) : (
        `${counted(nodes.ready, 'file')}, ${counted(chunks, 'passage')}`
      )}
      {nodes.failed > 0 && <span className="text-bad"> · {count(nodes.failed)} failed</span>}
    </span>
  );
}

function waitingOf(nodes: {
  readonly pending: number;
  readonly processing: number;
  readonly embedding: number;
}): number {
  return nodes.pending + nodes.processing + nodes.embedding;
}
