import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleHelp } from 'lucide-react';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { knowledgeGapsQuery } from '../api/know-queries.ts';
import type { KnowledgeGap } from '../api/work-types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Answer, itemsOf, More } from '../ui/Answer.tsx';
import { Button } from '../ui/Button.tsx';
import { TextArea, TextField } from '../ui/Field.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';
import { quietEveryMs } from '../ui/live.ts';
import { Card } from '../ui/Page.tsx';
import { Empty } from '../ui/States.tsx';
import { Time } from '../ui/Time.tsx';
import { ParentField } from './ParentField.tsx';

/** Questions of runs that nothing answered, to be answered by a new page. */
export function Gaps({ onAnswered }: { readonly onAnswered: (nodeId: string) => void }) {
  const { workspaceId } = useSession();
  const mayWrite = useWhyNot('knowledge', 'write') === null;
  const [answering, setAnswering] = useState<KnowledgeGap | null>(null);
  const gaps = useInfiniteQuery({
    ...knowledgeGapsQuery(workspaceId),
    refetchInterval: quietEveryMs,
  });
  return (
    <Card>
      <Answer query={{ ...gaps, data: itemsOf(gaps.data) }} label="Loading gaps">
        {(shown) =>
          shown.length === 0 ? (
            <Empty icon={<CircleHelp aria-hidden />} title="No gap is known">
              When an agent searches and nothing fits well, its question comes here, to be answered
              once and for all.
            </Empty>
          ) : (
            <>
              <ul className="divide-y divide-line/70">
                {shown.map((gap) => (
                  <li
                    key={gap.id}
                    className="flex flex-wrap items-center gap-x-4 gap-y-1.5 px-4 py-2.5 text-[13px]"
                  >
                    <span className="min-w-0 grow basis-60 break-words">
                      {gap.query}
                      {gap.entity_id !== null && (
                        <span className="text-faint"> about {gap.entity_id}</span>
                      )}
                    </span>
                    <Link
                      to="/runs/$runId"
                      params={{ runId: gap.run_id }}
                      className="text-accent underline"
                    >
                      its run
                    </Link>
                    <span className="w-20 text-right text-xs text-muted">
                      <Time at={gap.created_at} />
                    </span>
                    {mayWrite && (
                      <Button small onClick={() => setAnswering(gap)}>
                        Answer it
                      </Button>
                    )}
                  </li>
                ))}
              </ul>
              <More query={gaps}>Older ones</More>
            </>
          )
        }
      </Answer>
      {answering && (
        <AnswerGap gap={answering} onAnswered={onAnswered} onClose={() => setAnswering(null)} />
      )}
    </Card>
  );
}

function AnswerGap(props: {
  readonly gap: KnowledgeGap;
  readonly onAnswered: (nodeId: string) => void;
  readonly onClose: () => void;
}) {
  const { gap, onAnswered, onClose } = props;
  const queries = useQueryClient();
  const [title, setTitle] = useState(gap.query.slice(0, 200));
  const [answer, setAnswer] = useState('');
  const [parent, setParent] = useState<string | null>(null);
  const save = async () => {
    const node = await dataOf(
      v1.POST('/v1/kb/nodes/from-run', {
        body: {
          run_id: gap.run_id,
          question: gap.query,
          answer,
          title: title.trim(),
          ...(parent === null ? {} : { parent_id: parent }),
          ...(gap.entity_id === null ? {} : { entity_ids: [gap.entity_id] }),
        },
      }),
    );
    await queries.invalidateQueries({ queryKey: ['knowledge'] });
    onAnswered(node.id);
  };
  return (
    <FormDialog
      title="Answer it with a new page"
      description={gap.query}
      wide
      why={answer.trim() === '' || title.trim() === '' ? 'Title and answer are needed.' : null}
      save={save}
      onClose={onClose}
    >
      <TextField label="Title" value={title} onChange={(event) => setTitle(event.target.value)} />
      <ParentField value={parent} onChange={setParent} />
      <TextArea
        label="Answer"
        rows={8}
        value={answer}
        hint="Agents find it as soon as it is indexed."
        onChange={(event) => setAnswer(event.target.value)}
      />
    </FormDialog>
  );
}
