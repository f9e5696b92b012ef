import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { tokensQuery } from '../api/queries.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Unanswered } from '../ui/Answer.tsx';
import { Badge } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { Choices } from '../ui/Choices.tsx';
import { DeleteButton } from '../ui/DeleteButton.tsx';
import { Select, TextField } from '../ui/Field.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';
import { Card } from '../ui/Page.tsx';
import { ShownOnce } from '../ui/ShownOnce.tsx';
import { Empty } from '../ui/States.tsx';
import { Time } from '../ui/Time.tsx';

const dayMs = 24 * 3_600_000;

/** Programs that may use the API, and what for. Owners and the admin token manage them. */
export function TokensCard() {
  const why = useWhyNot('token', 'owner');
  return why === null ? (
    <Tokens />
  ) : (
    <Card title="Tokens">
      <Empty title="For owners only">{why}</Empty>
    </Card>
  );
}

function Tokens() {
  const queries = useQueryClient();
  const { me } = useSession();
  const tokens = useQuery(tokensQuery);
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const changed = () => queries.invalidateQueries({ queryKey: ['tokens'] });
  const names = new Map(me.workspaces.map(({ id, name }) => [id, name]));
  return (
    <Card
      title="Tokens"
      actions={
        <Button small icon={<Plus size={14} aria-hidden />} onClick={() => setMaking(true)}>
          New token
        </Button>
      }
    >
      {tokens.data === undefined ? (
        <Unanswered query={tokens} label="Loading tokens" />
      ) : (
        <ul className="divide-y divide-line/70">
          {tokens.data.map((token) => (
            <li
              key={token.id}
              className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 text-[13px]"
            >
              <span className="min-w-0 grow">
                <span className="font-medium">{token.name}</span>{' '}
                <code className="font-mono text-xs text-faint">{token.hint}</code>
                <span className="block text-xs text-muted">
                  {token.workspace_ids === null
                    ? 'every workspace'
                    : token.workspace_ids.map((id) => names.get(id) ?? id).join(', ')}
                  {', '}
                  {token.scopes && `only ${token.scopes.join(', ')}, `}
                  {token.expires_at && (
                    <>
                      ends <Time at={token.expires_at} />,{' '}
                    </>
                  )}
                  {token.last_used_at === null ? (
                    'never used'
                  ) : (
                    <>
                      used <Time at={token.last_used_at} />
                    </>
                  )}
                </span>
              </span>
              <Badge tone={token.access === 'read' ? 'plain' : 'warn'}>{token.access}</Badge>
              <DeleteButton
                name={token.name}
                verb="Revoke"
                why={
                  token.access === 'admin'
                    ? 'The admin token is replaced by SIGNALBOX_ADMIN_TOKEN.'
                    : null
                }
                explanation="Whoever uses it is refused at once, and so are the sessions that were signed in with it."
                act={async () => {
                  await dataOf(
                    v1.DELETE('/v1/tokens/{id}', { params: { path: { id: token.id } } }),
                  );
                  await changed();
                }}
              />
            </li>
          ))}
        </ul>
      )}
      {making && (
        <TokenDialog
          onClose={() => setMaking(false)}
          onMade={(token) => {
            setSecret(token);
            return changed();
          }}
        />
      )}
      {secret !== null && (
        <ShownOnce title="Copy the token now" secret={secret} onClose={() => setSecret(null)} />
      )}
    </Card>
  );
}

function TokenDialog(props: {
  readonly onClose: () => void;
  readonly onMade: (secret: string) => Promise<void>;
}) {
  const { me, workspaceId } = useSession();
  const [name, setName] = useState('');
  const [access, setAccess] = useState<'read' | 'write'>('write');
  const [workspaces, setWorkspaces] = useState<readonly string[]>([workspaceId]);
  const [days, setDays] = useState('');
  const [scopes, setScopes] = useState('');
  const make = async () => {
    const limited = scopes.split(/[,\s]+/).filter((each) => each !== '');
    const body = {
      name,
      access,
      workspace_ids: [...workspaces],
      ...(limited.length > 0 && { scopes: limited }),
      ...(days && { expires_at: new Date(Date.now() + Number(days) * dayMs).toISOString() }),
    };
    const made = await dataOf(v1.POST('/v1/tokens', { body }));
    await props.onMade(made.token);
  };
  return (
    <FormDialog
      title="A new token"
      saveLabel="Make it"
      why={
        name.trim() === ''
          ? 'It needs a name.'
          : workspaces.length === 0
            ? 'It needs a workspace.'
            : null
      }
      save={make}
      onClose={props.onClose}
    >
      <TextField
        label="Name"
        value={name}
        placeholder="CI"
        onChange={(event) => setName(event.target.value)}
      />
      <Select
        label="Access"
        value={access}
        options={[
          ['write', 'Write: reads and changes'],
          ['read', 'Read only'],
        ]}
        onChange={(event) => setAccess(event.target.value === 'read' ? 'read' : 'write')}
      />
      <Select
        label="It ends"
        value={days}
        options={[
          ['', 'never'],
          ['30', 'in 30 days'],
          ['90', 'in 90 days'],
          ['365', 'in a year'],
        ]}
        onChange={(event) => setDays(event.target.value)}
      />
      <TextField
        label="Only for"
        value={scopes}
        placeholder="everything that its access allows"
        spellCheck={false}
        hint="such as run:write, agent:read"
        onChange={(event) => setScopes(event.target.value)}
      />
      <Choices
        legend="Workspaces"
        className="space-y-1.5"
        options={me.workspaces.map(({ id, name: label }) => [id, label])}
        chosen={workspaces}
        onChange={setWorkspaces}
      />
    </FormDialog>
  );
}
