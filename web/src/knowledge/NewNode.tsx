import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { useSession } from '../shell/workspace.tsx';
import { TextArea, TextField } from '../ui/Field.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';
import { ParentField } from './ParentField.tsx';

const titles = {
  text: 'Write a page',
  directory: 'A new directory',
  web: 'Add a web page',
} as const;

export function NewNode(props: {
  readonly kind: keyof typeof titles;
  readonly onAdded: (id: string) => void;
  readonly onClose: () => void;
}) {
  const { kind, onAdded, onClose } = props;
  const { workspaceId } = useSession();
  const queries = useQueryClient();
  const [title, setTitle] = useState('');
  const [body, setBody] = useState('');
  const [url, setUrl] = useState('');
  const [parent, setParent] = useState<string | null>(null);
  const save = async () => {
    const params = { query: { workspace_id: workspaceId } };
    const shared = { ...(parent === null ? {} : { parent_id: parent }) };
    const made = await (kind === 'web'
      ? dataOf(
          v1.POST('/v1/kb/pages', {
            params,
            body: { url, ...shared, ...(title.trim() === '' ? {} : { title: title.trim() }) },
          }),
        )
      : dataOf(
          v1.POST('/v1/kb/nodes', {
            params,
            body: {
              title: title.trim(),
              ...shared,
              ...(kind === 'text' ? { body } : { is_directory: true }),
            },
          }),
        ));
    await queries.invalidateQueries({ queryKey: ['knowledge'] });
    onAdded(made.id);
  };
  const why =
    kind === 'web'
      ? url.trim() === ''
        ? 'Give its address.'
        : null
      : title.trim() === ''
        ? 'Give it a title.'
        : kind === 'text' && body.trim() === ''
          ? 'Write something first.'
          : null;
  return (
    <FormDialog title={titles[kind]} wide={kind === 'text'} why={why} save={save} onClose={onClose}>
      {kind === 'web' && (
        <TextField
          label="Address"
          type="url"
          placeholder="https://example.com/house-rules"
          value={url}
          onChange={(event) => setUrl(event.target.value)}
        />
      )}
      <TextField
        label="Title"
        value={title}
        hint={kind === 'web' ? 'The page’s own when it is left empty.' : undefined}
        onChange={(event) => setTitle(event.target.value)}
      />
      <ParentField value={parent} onChange={setParent} />
      {kind === 'text' && (
        <TextArea
          label="Text, as Markdown"
          rows={12}
          value={body}
          onChange={(event) => setBody(event.target.value)}
        />
      )}
    </FormDialog>
  );
}
