import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { useSession } from '../shell/workspace.tsx';
import { TextArea, TextField } from '../ui/Field.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';

export function NewSkill({ onClose }: { readonly onClose: () => void }) {
  const { workspaceId } = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [body, setBody] = useState('');
  const isMissing = [name, description, body].some((text) => text.trim() === '');
  const save = async () => {
    const skill = await dataOf(
      v1.POST('/v1/skills', {
        body: {
          workspace_id: workspaceId,
          name: name.trim(),
          description: description.trim(),
          body,
        },
      }),
    );
    await queries.invalidateQueries({ queryKey: ['skills'] });
    await navigate({ to: '/skills/$skillId', params: { skillId: skill.id } });
  };
  return (
    <FormDialog
      title="New skill"
      wide
      saveLabel="Create skill"
      why={isMissing ? 'Name, description and instructions are needed.' : null}
      save={save}
      onClose={onClose}
    >
      <TextField
        label="Name"
        placeholder="late-orders"
        hint="Lower-case letters, digits and hyphens."
        spellCheck={false}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label="Description"
        hint="When to use it: by this an agent decides to read it."
        value={description}
        onChange={(event) => setDescription(event.target.value)}
      />
      <TextArea
        label="Instructions, as Markdown"
        rows={10}
        value={body}
        onChange={(event) => setBody(event.target.value)}
      />
    </FormDialog>
  );
}
