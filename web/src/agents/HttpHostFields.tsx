import { useQuery } from '@tanstack/react-query';
import { secretsQuery } from '../api/queries.ts';
import type { Data } from '../api/types.ts';
import { useSession } from '../shell/workspace.tsx';
import { Choices } from '../ui/Choices.tsx';
import { Select, TextField } from '../ui/Field.tsx';
import { count } from '../ui/format.ts';

type Host = Data<'getHttpRequestTool'>['hosts'][number];
type Credential = NonNullable<Host['credential']>;

/** `before`: whom it was open to when the dialog opened, so that a choice that is left can be gone back to. */
export type HostDraft = Host & { readonly before: Host['agents'] };

const methods = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** One host that the tool may reach: how, for whom, and signed in by what. */
export function HttpHostFields(props: {
  readonly host: HostDraft;
  readonly agentId: string | null;
  readonly change: (patch: Partial<HostDraft>) => void;
}) {
  const { host, agentId, change } = props;
  const { before } = host;
  const isOwn = agentId !== null && before?.length === 1 && before[0] === agentId;
  const who: [key: string, label: string, agents: Host['agents']][] = [
    ['all', 'Every agent that has the tool', null],
  ];
  if (agentId !== null) who.push(['own', 'This agent alone', [agentId]]);
  if (before !== null && !isOwn)
    who.push(['before', `As before: ${count(before.length)} chosen`, before]);
  const chosen = who.find(([, , agents]) => JSON.stringify(agents) === JSON.stringify(host.agents));
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <TextField
        label="Host"
        className="font-mono"
        spellCheck={false}
        placeholder="api.example.com"
        hint="an exact name, *.example.com, or with a port"
        value={host.host}
        onChange={(event) => change({ host: event.target.value })}
      />
      <MethodsField chosen={host.methods} onChange={(next) => change({ methods: next })} />
      <Select
        label="Open to"
        value={chosen?.[0] ?? 'all'}
        options={who.map(([key, label]) => [key, label])}
        onChange={({ target: { value } }) =>
          change({ agents: who.find(([key]) => key === value)?.[2] ?? null })
        }
      />
      <CredentialFields
        credential={host.credential}
        onChange={(credential) => change({ credential })}
      />
    </div>
  );
}

function MethodsField(props: {
  readonly chosen: Host['methods'];
  readonly onChange: (methods: Host['methods']) => void;
}) {
  const { chosen, onChange } = props;
  return (
    <Choices
      legend={<>Methods {chosen === null && <span className="font-normal">(all)</span>}</>}
      className="flex flex-wrap gap-x-3 gap-y-1"
      options={methods.map((method) => [method, method])}
      chosen={chosen ?? []}
      onChange={(next) => {
        const inOrder = methods.filter((each) => next.includes(each));
        onChange(inOrder.length === 0 ? null : inOrder);
      }}
    />
  );
}

const credentialTypes = [
  ['none', 'No credential'],
  ['bearer', 'A bearer token'],
  ['header', 'A header'],
  ['query', 'A field of the query'],
  ['basic', 'User and password'],
] as const;

function CredentialFields(props: {
  readonly credential: Host['credential'];
  readonly onChange: (credential: Host['credential']) => void;
}) {
  const { credential, onChange } = props;
  const { workspaceId } = useSession();
  const secrets = useQuery({ ...secretsQuery(workspaceId), retry: false });
  const names = new Set((secrets.data ?? []).map(({ name }) => name));
  if (credential?.secret) names.add(credential.secret);
  const field = fieldOf(credential);
  return (
    <>
      <Select
        label="Signed in by"
        value={credential?.type ?? 'none'}
        options={credentialTypes}
        hint="added over https; no model sees it"
        onChange={({ target: { value } }) =>
          onChange(
            value === 'none'
              ? null
              : { type: value as Credential['type'], secret: credential?.secret ?? '' },
          )
        }
      />
      {credential !== null && (
        <Select
          label="Secret"
          value={credential.secret}
          hint="made under Settings, Secrets"
          options={[['', 'choose one'], ...[...names].map((name) => [name, name] as const)]}
          onChange={(event) => onChange({ ...credential, secret: event.target.value })}
        />
      )}
      {credential !== null && field !== null && (
        <TextField
          label={field === 'username' ? 'User' : 'Its name'}
          spellCheck={false}
          value={credential[field] ?? ''}
          onChange={(event) => onChange({ ...credential, [field]: event.target.value })}
        />
      )}
    </>
  );
}

/** What a credential needs beside its secret. */
function fieldOf(credential: Host['credential']): 'name' | 'username' | null {
  if (credential === null || credential.type === 'bearer') return null;
  return credential.type === 'basic' ? 'username' : 'name';
}
