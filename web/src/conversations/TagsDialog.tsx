import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { tagsQuery } from '../api/work-queries.ts';
import type { Tag } from '../api/work-types.ts';
import { useSession } from '../shell/workspace.tsx';
import { Answer } from '../ui/Answer.tsx';
import { Button } from '../ui/Button.tsx';
import { DeleteButton } from '../ui/DeleteButton.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Select, TextField } from '../ui/Field.tsx';
import { Problem } from '../ui/States.tsx';
import { useSubmit } from '../ui/use-submit.ts';

/** The topics that conversations are sorted by, and those below them. */
export function TagsDialog({ onClose }: { readonly onClose: () => void }) {
  const { workspaceId } = useSession();
  const queries = useQueryClient();
  const tags = useQuery(tagsQuery(workspaceId));
  const [name, setName] = useState('');
  const [parent, setParent] = useState('');
  const { busy, error, submit } = useSubmit();
  const changed = () => queries.invalidateQueries({ queryKey: ['conversation tags'] });
  const roots = (tags.data ?? []).filter(({ parent_id }) => parent_id === null);
  const add = () =>
    submit(async () => {
      await dataOf(
        v1.POST('/v1/conversation-tags', {
          body: {
            workspace_id: workspaceId,
            name: name.trim(),
            ...(parent === '' ? {} : { parent_id: parent }),
          },
        }),
      );
      setName('');
      await changed();
    });
  const remove = async (id: string) => {
    await dataOf(v1.DELETE('/v1/conversation-tags/{id}', { params: { path: { id } } }));
    await changed();
    await queries.invalidateQueries({ queryKey: ['conversations'] });
  };
  return (
    <Dialog open onClose={onClose} title="Topics" description="What conversations are about.">
      <Answer query={tags} label="Loading topics">
        {(all) =>
          all.length === 0 ? (
            <p className="text-[13px] text-muted">None yet.</p>
          ) : (
            <ul className="space-y-1 text-[13px]">
              {inTree(all).map((tag) => (
                <li
                  key={tag.id}
                  className={`flex items-center gap-2 ${tag.parent_id === null ? '' : 'pl-5'}`}
                >
                  <span className="min-w-0 grow truncate">{tag.name}</span>
                  <DeleteButton
                    name={tag.name}
                    why={null}
                    explanation="Conversations lose it."
                    act={() => remove(tag.id)}
                  />
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
      <form
        className="flex flex-wrap items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') void add();
        }}
      >
        <div className="grow">
          <TextField
            label="New topic"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        {roots.length > 0 && (
          <Select
            label="Below"
            value={parent}
            options={[['', 'nothing'], ...roots.map(({ id, name: of }) => [id, of] as const)]}
            onChange={(event) => setParent(event.target.value)}
          />
        )}
        <Button type="submit" busy={busy} why={name.trim() === '' ? 'Give it a name.' : null}>
          Add
        </Button>
      </form>
      <Problem error={error} />
    </Dialog>
  );
}

/** Each root with what is below it. */
function inTree(tags: readonly Tag[]): readonly Tag[] {
  return tags
    .filter(({ parent_id }) => parent_id === null)
    .flatMap((root) => [root, ...tags.filter(({ parent_id }) => parent_id === root.id)]);
}
