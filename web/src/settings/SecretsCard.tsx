import { useQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import { answerOf, dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { secretsQuery } from '../api/queries.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Unanswered } from '../ui/Answer.tsx';
import { Button } from '../ui/Button.tsx';
import { DeleteButton } from '../ui/DeleteButton.tsx';
import { TextArea, TextField } from '../ui/Field.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';
import { Card } from '../ui/Page.tsx';
import { Empty } from '../ui/States.tsx';
import { Time } from '../ui/Time.tsx';

/** Values for tools that name them. They go in, and never come back. */
export function SecretsCard() {
  const { workspaceId } = useSession();
  const queries = useQueryClient();
  const readOnly = useWhyNot('secret', 'write');
  const unseen = useWhyNot('secret', 'read');
  const secrets = useQuery({ ...secretsQuery(workspaceId), enabled: unseen === null });
  const [editing, setEditing] = useState<string | null>(null);
  const changed = () => queries.invalidateQueries({ queryKey: ['secrets'] });
  const add = (
    <Button
      small
      icon={<Plus size={14} aria-hidden />}
      why={readOnly}
      onClick={() => setEditing('')}
    >
      Add a secret
    </Button>
  );
  if (unseen !== null) {
    return (
      <Card title="Secrets of this workspace">
        <Empty icon={<KeyRound aria-hidden />} title="Not for your role">
          {unseen}
        </Empty>
      </Card>
    );
  }
  return (
    <Card title="Secrets of this workspace" actions={secrets.data?.length ? add : undefined}>
      {secrets.data === undefined ? (
        <Unanswered query={secrets} label="Loading secrets" />
      ) : secrets.data.length === 0 ? (
        <Empty icon={<KeyRound aria-hidden />} title="No secret yet" action={add}>
          A tool that names a secret is given its value. It is kept encrypted, masked in logs and
          traces, and never shown again.
        </Empty>
      ) : (
        <ul className="divide-y divide-line/70">
          {secrets.data.map(({ name, updated_at }) => (
            <li key={name} className="flex items-center gap-3 px-4 py-2 text-[13px]">
              <code className="min-w-0 grow truncate font-mono">{name}</code>
              <span className="text-xs text-muted">
                set <Time at={updated_at} />
              </span>
              <Button small kind="quiet" why={readOnly} onClick={() => setEditing(name)}>
                Replace
              </Button>
              <DeleteButton
                name={name}
                why={readOnly}
                explanation="Calls of tools that name it fail from then on, and say so."
                act={async () => {
                  const query = { workspace_id: workspaceId };
                  await dataOf(
                    v1.DELETE('/v1/secrets/{name}', { params: { path: { name }, query } }),
                  );
                  await changed();
                }}
              />
            </li>
          ))}
        </ul>
      )}
      {editing !== null && (
        <SecretDialog
          name={editing}
          workspaceId={workspaceId}
          onClose={() => setEditing(null)}
          onSaved={changed}
        />
      )}
    </Card>
  );
}

function SecretDialog(props: {
  readonly name: string;
  readonly workspaceId: string;
  readonly onClose: () => void;
  readonly onSaved: () => Promise<void>;
}) {
  const [name, setName] = useState(props.name);
  const [value, setValue] = useState('');
  const save = async () => {
    const body = { workspace_id: props.workspaceId, value };
    await answerOf(v1.PUT('/v1/secrets/{name}', { params: { path: { name } }, body }));
    await props.onSaved();
  };
  return (
    <FormDialog
      title={props.name === '' ? 'A new secret' : `Replace ${props.name}`}
      description="Its value is not shown again, to nobody."
      why={name === '' || value === '' ? 'Name and value are needed.' : null}
      save={save}
      onClose={props.onClose}
    >
      {props.name === '' && (
        <TextField
          label="Name"
          value={name}
          placeholder="STRIPE_KEY"
          spellCheck={false}
          hint="Upper-case letters, digits and _"
          onChange={(event) => setName(event.target.value)}
        />
      )}
      <TextArea
        label="Value"
        rows={3}
        autoComplete="off"
        spellCheck={false}
        className="font-mono text-xs"
        value={value}
        onChange={(event) => setValue(event.target.value)}
      />
    </FormDialog>
  );
}
