import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { modelsQuery } from '../api/settings-queries.ts';
import { useSession } from '../shell/workspace.tsx';
import { TextField } from '../ui/Field.tsx';

/** A model by the workspace’s name for it, which is offered, or as provider/model. */
export function ModelField(props: {
  readonly label: string;
  readonly value: string | null;
  readonly placeholder: string;
  readonly hint?: string;
  readonly onChange: (model: string | null) => void;
}) {
  const { label, value, placeholder, hint, onChange } = props;
  const { workspaceId } = useSession();
  const models = useQuery(modelsQuery(workspaceId));
  const id = useId();
  return (
    <>
      <TextField
        label={label}
        value={value ?? ''}
        placeholder={placeholder}
        spellCheck={false}
        hint={hint}
        list={id}
        onChange={(event) => onChange(event.target.value.trim() || null)}
      />
      <datalist id={id}>
        {models.data?.map(({ name, provider, model }) => (
          <option key={name} value={name}>{`${provider}/${model}`}</option>
        ))}
      </datalist>
    </>
  );
}
