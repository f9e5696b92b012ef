import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { BookOpen, ChevronRight, FileText, Folder, Globe } from 'lucide-react';
import { useState } from 'react';
import { knowledgeChildrenQuery } from '../api/know-queries.ts';
import type { KnowledgeNode } from '../api/work-types.ts';
import { useSession } from '../shell/workspace.tsx';
import { Answer, itemsOf, More } from '../ui/Answer.tsx';
import { classes } from '../ui/classes.ts';
import { liveEveryMs, quietEveryMs } from '../ui/live.ts';
import { Card } from '../ui/Page.tsx';
import { Empty } from '../ui/States.tsx';
import { isIndexing, nodeStatuses } from './node-status.ts';

/** Directories and files; what is below a directory is read when it is opened. */
export function Tree({ selected }: { readonly selected: string | null }) {
  return (
    <Card
      title="Files"
      className="lg:sticky lg:top-4 lg:max-h-[calc(100dvh-8rem)] lg:overflow-y-auto"
    >
      <div className="p-2">
        <Children parentId={null} selected={selected} />
      </div>
    </Card>
  );
}

function Children(props: { readonly parentId: string | null; readonly selected: string | null }) {
  const { parentId, selected } = props;
  const { workspaceId } = useSession();
  const nodes = useInfiniteQuery({
    ...knowledgeChildrenQuery(workspaceId, parentId),
    refetchInterval: ({ state }) =>
      itemsOf(state.data)?.some(isIndexing) ? liveEveryMs : quietEveryMs,
  });
  return (
    <Answer query={{ ...nodes, data: itemsOf(nodes.data) }} label="Loading files">
      {(shown) =>
        shown.length === 0 ? (
          parentId === null ? (
            <Empty icon={<BookOpen aria-hidden />} title="No knowledge yet">
              Upload Markdown, text, HTML, PDF, DOCX or CSV, write a page, or add a web page. Agents
              that name the tool <code className="font-mono text-xs">search_knowledge</code> answer
              from it.
            </Empty>
          ) : (
            <p className="px-2 py-1 text-xs text-faint">Nothing is in it.</p>
          )
        ) : (
          <>
            <ul>
              {shown.map((node) => (
                <Node key={node.id} node={node} selected={selected} />
              ))}
            </ul>
            <More query={nodes}>More</More>
          </>
        )
      }
    </Answer>
  );
}

function Node({
  node,
  selected,
}: {
  readonly node: KnowledgeNode;
  readonly selected: string | null;
}) {
  const [isOpen, setOpen] = useState(node.depth === 0);
  const [words, tone] = nodeStatuses[node.embed_status];
  const Icon = node.is_directory ? Folder : node.source_type === 'web_page' ? Globe : FileText;
  return (
    <li>
      <div
        className={classes(
          'flex items-center gap-1 rounded-md pr-2 text-[13px]',
          node.id === selected ? 'bg-sunken' : 'hover:bg-sunken/70',
        )}
      >
        {node.is_directory ? (
          <button
            type="button"
            aria-expanded={isOpen}
            aria-label={`What is in ${node.title}`}
            onClick={() => setOpen(!isOpen)}
            className="flex size-7 shrink-0 items-center justify-center text-muted"
          >
            <ChevronRight size={14} aria-hidden className={isOpen ? 'rotate-90' : undefined} />
          </button>
        ) : (
          <span className="w-7 shrink-0" />
        )}
        <Link
          to="/knowledge"
          search={{ node: node.id }}
          aria-current={node.id === selected ? 'true' : undefined}
          className={classes(
            'flex min-w-0 grow items-center gap-2 py-1.5',
            !node.enabled && 'text-faint line-through',
          )}
        >
          <Icon size={14} aria-hidden className="shrink-0 text-muted" />
          <span className="truncate">{node.title}</span>
        </Link>
        {!node.is_directory && node.embed_status !== 'ready' && (
          <span
            className={classes(
              'shrink-0 text-2xs',
              tone === 'bad' ? 'text-bad' : tone === 'live' ? 'text-accent' : 'text-faint',
            )}
          >
            {words}
          </span>
        )}
      </div>
      {isOpen && (
        <div className="ml-3.5 border-l border-line pl-1">
          <Children parentId={node.id} selected={selected} />
        </div>
      )}
    </li>
  );
}
