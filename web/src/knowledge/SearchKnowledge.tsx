import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { SearchX } from 'lucide-react';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import type { Passage } from '../api/work-types.ts';
import { useSession } from '../shell/workspace.tsx';
import { Answer } from '../ui/Answer.tsx';
import { Button } from '../ui/Button.tsx';
import { TextField } from '../ui/Field.tsx';
import { LongText } from '../ui/LongText.tsx';
import { Card } from '../ui/Page.tsx';
import { Empty } from '../ui/States.tsx';

/** Asks as an agent would, and shows the passages it would be given, with their scores. */
export function SearchKnowledge(props: {
  readonly asked: string;
  readonly onAsk: (question: string) => void;
}) {
  const { asked, onAsk } = props;
  const { workspaceId } = useSession();
  const [text, setText] = useState(asked);
  const [entity, setEntity] = useState('');
  const [askedEntity, setAskedEntity] = useState('');
  const found = useQuery({
    queryKey: ['knowledge', workspaceId, 'search', asked, askedEntity],
    queryFn: () =>
      dataOf(
        v1.POST('/v1/kb/search', {
          params: { query: { workspace_id: workspaceId } },
          body: {
            query: asked,
            max_results: 10,
            ...(askedEntity === ''
              ? {}
              : { entity_ids: [askedEntity], include_workspace_wide: true }),
          },
        }),
      ),
    enabled: asked !== '',
    retry: false,
  });
  return (
    <div className="space-y-4">
      <form
        className="flex flex-wrap items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          setAskedEntity(entity.trim());
          onAsk(text.trim());
        }}
      >
        <div className="grow basis-72">
          <TextField
            label="Question"
            placeholder="When is check-in?"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        <div className="basis-48">
          <TextField
            label="About"
            placeholder="Id of an entity"
            value={entity}
            onChange={(event) => setEntity(event.target.value)}
          />
        </div>
        <Button type="submit" kind="primary" busy={found.isFetching}>
          Search
        </Button>
      </form>
      {asked === '' ? (
        <p className="text-[13px] text-muted">
          What an agent would find for a question: each passage, and how well it fits.
        </p>
      ) : (
        <Answer query={found} label="Loading passages">
          {(passages) =>
            passages.length === 0 ? (
              <Card>
                <Empty icon={<SearchX aria-hidden />} title="Nothing fits">
                  An agent would be told so, and the question would be kept as a gap.
                </Empty>
              </Card>
            ) : (
              <ol className="space-y-3">
                {passages.map((passage) => (
                  <li key={passage.chunk_id}>
                    <OnePassage passage={passage} />
                  </li>
                ))}
              </ol>
            )
          }
        </Answer>
      )}
    </div>
  );
}

function OnePassage({ passage }: { readonly passage: Passage }) {
  const { relevance_score: score, coverage, similarity } = passage;
  return (
    <Card>
      <div className="space-y-2 p-4">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-[13px]">
          <Link
            to="/knowledge"
            search={{ node: passage.node_id }}
            className="min-w-0 grow break-words font-medium text-accent underline"
          >
            {passage.node_title}
          </Link>
          <Score name="relevance" value={score} />
          <Score name="words" value={coverage} />
          {similarity !== null && <Score name="meaning" value={similarity} />}
        </div>
        {passage.context && <p className="break-words text-xs text-faint">{passage.context}</p>}
        <p className="whitespace-pre-wrap break-words text-[13px]">
          <LongText text={passage.chunk_text} />
        </p>
      </div>
    </Card>
  );
}

function Score({ name, value }: { readonly name: string; readonly value: number }) {
  const percent = Math.round(100 * Math.max(0, Math.min(1, value)));
  return (
    <span className="inline-flex items-center gap-1.5 text-xs text-muted">
      {name}
      <span aria-hidden className="h-1.5 w-14 overflow-hidden rounded-full bg-sunken">
        <span className="block h-full bg-accent" style={{ width: `${percent}%` }} />
      </span>
      {percent} %
    </span>
  );
}
