import { useQuery, useQueryClient } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { knowledgeNodeQuery } from '../api/know-queries.ts';
import type { KnowledgeNode } from '../api/work-types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { Answer } from '../ui/Answer.tsx';
import { Badge } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { DeleteButton } from '../ui/DeleteButton.tsx';
import { Fact, Facts } from '../ui/Facts.tsx';
import { counted, fullTime } from '../ui/format.ts';
import { LongText } from '../ui/LongText.tsx';
import { liveEveryMs } from '../ui/live.ts';
import { Card } from '../ui/Page.tsx';
import { hostOf } from '../ui/SafeText.tsx';
import { Problem } from '../ui/States.tsx';
import { useSubmit } from '../ui/use-submit.ts';
import { EditNode } from './EditNode.tsx';
import { isIndexing, nodeStatuses } from './node-status.ts';

/** One file or directory: what it says, where it came from, how its indexing went. */
export function NodeView({ id, onGone }: { readonly id: string; readonly onGone: () => void }) {
  const node = useQuery({
    ...knowledgeNodeQuery(id),
    refetchInterval: ({ state }) => (state.data && isIndexing(state.data) ? liveEveryMs : false),
  });
  return (
    <Answer query={node} label="Loading the file">
      {(data) => <Shown node={data} onGone={onGone} />}
    </Answer>
  );
}

function Shown({ node, onGone }: { readonly node: KnowledgeNode; readonly onGone: () => void }) {
  const queries = useQueryClient();
  const mayWrite = useWhyNot('knowledge', 'write') === null;
  const [isEditing, setEditing] = useState(false);
  const { busy, error, submit } = useSubmit();
  const [words, tone] = nodeStatuses[node.embed_status];
  const params = { path: { node_id: node.id } };
  const changed = () => queries.invalidateQueries({ queryKey: ['knowledge'] });
  const refresh = () =>
    submit(async () => {
      await dataOf(v1.POST('/v1/kb/nodes/{node_id}/refresh', { params }));
      await changed();
    });
  const setEnabled = (enabled: boolean) =>
    submit(async () => {
      await dataOf(v1.PATCH('/v1/kb/nodes/{node_id}', { params, body: { enabled } }));
      await changed();
    });
  const remove = async () => {
    await dataOf(v1.DELETE('/v1/kb/nodes/{node_id}', { params }));
    onGone();
    queries.removeQueries({ queryKey: knowledgeNodeQuery(node.id).queryKey });
    await changed();
  };
  if (isEditing) {
    return <EditNode node={node} onSaved={changed} onClose={() => setEditing(false)} />;
  }
  const canRefresh = node.source_type === 'web_page' || node.embed_status === 'failed';
  return (
    <Card
      title={
        <span className="flex flex-wrap items-center gap-2">
          <span className="min-w-0 break-words">{node.title}</span>
          {!node.is_directory && <Badge tone={tone}>{words}</Badge>}
          {!node.enabled && <Badge tone="warn">disabled</Badge>}
        </span>
      }
      actions={
        mayWrite && (
          <>
            {canRefresh && (
              <Button
                small
                busy={busy}
                icon={<RefreshCw size={13} aria-hidden />}
                onClick={() => void refresh()}
              >
                {node.source_type === 'web_page' ? 'Fetch again' : 'Try again'}
              </Button>
            )}
            <Button small busy={busy} onClick={() => void setEnabled(!node.enabled)}>
              {node.enabled ? 'Disable' : 'Enable'}
            </Button>
            <Button small onClick={() => setEditing(true)}>
              Edit
            </Button>
            <DeleteButton
              name={node.title}
              why={null}
              explanation={
                node.is_directory
                  ? 'With everything below it. Agents find none of it any more.'
                  : 'Agents do not find it any more.'
              }
              act={remove}
            />
          </>
        )
      }
    >
      <div className="space-y-4 p-4">
        <Problem error={error} />
        {node.embed_error && (
          <p role="alert" className="break-words text-[13px] text-bad">
            {node.embed_error}
          </p>
        )}
        <Facts>
          <Fact name="Kind">{node.source_type.replace('_', ' ')}</Fact>
          {node.url !== null && (
            <Fact name="Address">
              {hostOf(node.url) === null ? (
                node.url
              ) : (
                <a
                  href={node.url}
                  target="_blank"
                  rel="noopener noreferrer nofollow"
                  className="break-all text-accent underline"
                >
                  {node.url}
                </a>
              )}
            </Fact>
          )}
          {node.entity_ids.length > 0 && <Fact name="About">{node.entity_ids.join(', ')}</Fact>}
          {node.tags.length > 0 && <Fact name="Tags">{node.tags.join(', ')}</Fact>}
          {!node.is_directory && (
            <Fact name="Version">
              {node.version}
              {node.indexed_version !== null && node.indexed_version < node.version && (
                <span className="text-faint">; search still finds {node.indexed_version}</span>
              )}
              , {counted(node.chunk_count, 'passage')}
            </Fact>
          )}
          <Fact name="Changed">{fullTime(node.updated_at)}</Fact>
        </Facts>
        {!node.is_directory && (
          <div className="whitespace-pre-wrap break-words rounded-md border border-line bg-sunken px-3 py-2 text-[13px]">
            {node.body ? (
              <LongText text={node.body} />
            ) : (
              <span className="text-faint">Its text was not read yet.</span>
            )}
          </div>
        )}
      </div>
    </Card>
  );
}
