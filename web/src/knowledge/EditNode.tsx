import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import type { KnowledgeNode, NodeChange } from '../api/work-types.ts';
import { Button } from '../ui/Button.tsx';
import { commaList } from '../ui/comma-list.ts';
import { TextArea, TextField } from '../ui/Field.tsx';
import { Card } from '../ui/Page.tsx';
import { Problem } from '../ui/States.tsx';
import { useDraft } from '../ui/use-draft.ts';
import { useSubmit } from '../ui/use-submit.ts';
import { ParentField } from './ParentField.tsx';

/** Texts are edited here; of a file that was read from elsewhere only what is said about it. */
export function EditNode(props: {
  readonly node: KnowledgeNode;
  readonly onSaved: () => Promise<unknown>;
  readonly onClose: () => void;
}) {
  const { node, onSaved, onClose } = props;
  const draft = useDraft({
    name: `knowledge-${node.id}`,
    base: String(node.version),
    saved: {
      title: node.title,
      body: node.body ?? '',
      parent: node.parent_id,
      entities: node.entity_ids.join(', '),
      tags: node.tags.join(', '),
    },
  });
  const [wasTried, setTried] = useState(false);
  const { busy, error, submit } = useSubmit();
  const { title, body, parent, entities, tags } = draft.value;
  const isText = node.source_type === 'markdown' || node.source_type === 'text';
  const save = () =>
    submit(async () => {
      setTried(true);
      const change: NodeChange = {
        title: title.trim(),
        parent_id: parent,
        entity_ids: commaList(entities),
        tags: commaList(tags),
        ...(isText && !node.is_directory ? { body } : {}),
      };
      const params = { path: { node_id: node.id } };
      await dataOf(v1.PATCH('/v1/kb/nodes/{node_id}', { params, body: change }));
      draft.discard();
      await onSaved();
      onClose();
    });
  return (
    <Card title={`Edit ${node.title}`}>
      <form
        className="space-y-4 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (title.trim() !== '') void save();
        }}
      >
        {draft.isRestored && (
          <p className="text-xs text-warn">Unsaved changes of an earlier visit are shown.</p>
        )}
        {draft.isStale && !busy && (
          <p role="alert" className="text-xs text-warn">
            Somebody saved it since you began. Saving replaces what they wrote.
          </p>
        )}
        <TextField
          label="Title"
          value={title}
          problem={wasTried && title.trim() === '' ? 'is needed' : null}
          onChange={(event) => draft.change({ title: event.target.value })}
        />
        {isText && !node.is_directory && (
          <TextArea
            label="Text"
            rows={18}
            value={body}
            onChange={(event) => draft.change({ body: event.target.value })}
          />
        )}
        <ParentField value={parent} onChange={(next) => draft.change({ parent: next })} />
        <div className="grid gap-3 sm:grid-cols-2">
          <TextField
            label="About these things alone"
            value={entities}
            hint="Ids, with commas between; none: the whole workspace."
            onChange={(event) => draft.change({ entities: event.target.value })}
          />
          <TextField
            label="Tags"
            value={tags}
            hint="With commas between."
            onChange={(event) => draft.change({ tags: event.target.value })}
          />
        </div>
        <Problem error={error} />
        <div className="flex justify-end gap-2">
          <Button
            onClick={() => {
              draft.discard();
              onClose();
            }}
          >
            Discard
          </Button>
          <Button
            type="submit"
            kind="primary"
            busy={busy}
            why={title.trim() === '' ? 'It needs a title.' : null}
          >
            Save
          </Button>
        </div>
      </form>
    </Card>
  );
}
