import { useQuery } from '@tanstack/react-query';
import { knowledgeDirectoriesQuery } from '../api/know-queries.ts';
import { useSession } from '../shell/workspace.tsx';
import { Select } from '../ui/Field.tsx';

/** The directory that something is in; null at the top. */
export function ParentField(props: {
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
}) {
  const { value, onChange } = props;
  const { workspaceId } = useSession();
  const directories = useQuery(knowledgeDirectoriesQuery(workspaceId));
  const known = directories.data ?? [];
  if (known.length === 0) return null;
  const isKnown = value === null || known.some(({ id }) => id === value);
  return (
    <Select
      label="In"
      value={value ?? ''}
      options={[
        ['', 'no directory'],
        ...(isKnown ? [] : [[value, 'the directory it is in'] as const]),
        ...known.map(({ id, title, depth }) => [id, `${'– '.repeat(depth)}${title}`] as const),
      ]}
      onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
    />
  );
}
