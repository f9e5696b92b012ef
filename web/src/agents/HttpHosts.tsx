import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { httpToolQuery, secretsQuery } from '../api/queries.ts';
import type { Body, Data } from '../api/types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Unanswered } from '../ui/Answer.tsx';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Check, Select, TextField } from '../ui/Field.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';
import { count } from '../ui/format.ts';
import { ListField } from './ListField.tsx';

type Settings = Data<'getHttpRequestTool'>;
type Host = Settings['hosts'][number];
type Credential = NonNullable<Host['credential']>;

/** `before`: whom it was open to when the dialog opened, so that a choice that is left can be gone back to. */
type Draft = Host & { readonly before: Host['agents'] };

const methods = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

const title = 'Hosts of http_request';
const description =
  'What agents of this workspace may reach by it. Saved at once, for all of them, and not with the agent.';

/** Opens what the built-in tool `http_request` may reach. */
export function HttpHostsButton({ agentId }: { readonly agentId: string | null }) {
  const mayNot = useWhyNot('tool', 'write');
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button small why={mayNot} onClick={() => setOpen(true)}>
        Hosts
      </Button>
      {isOpen && <HttpHosts agentId={agentId} onClose={() => setOpen(false)} />}
    </>
  );
}

interface Props {
  readonly agentId: string | null;
  readonly onClose: () => void;
}

function HttpHosts(props: Props) {
  const { workspaceId } = useSession();
  const settings = useQuery({ ...httpToolQuery(workspaceId), refetchOnWindowFocus: false });
  // What was read earlier may be changed meanwhile, and is replaced as a whole.
  if (settings.data !== undefined && !settings.isFetching) {
    return <HostsDialog settings={settings.data} {...props} />;
  }
  return (
    <Dialog open onClose={props.onClose} title={title} description={description}>
      <Unanswered query={settings} label="Loading the hosts" />
    </Dialog>
  );
}

function HostsDialog({ settings, agentId, onClose }: Props & { readonly settings: Settings }) {
  const { workspaceId } = useSession();
  const queries = useQueryClient();
  const [hosts, setHosts] = useState<readonly Draft[]>(
    settings.hosts.map((host) => ({ ...host, before: host.agents })),
  );
  const [approval, setApproval] = useState(settings.requires_approval);
  const [everywhere, setEverywhere] = useState(settings.enable_globally);
  const save = async () => {
    const body = {
      workspace_id: workspaceId,
      hosts: hosts.map(({ before: _before, ...host }) => ({ ...host, host: host.host.trim() })),
      requires_approval: approval,
      enable_globally: everywhere,
      timeout_ms: settings.timeout_ms,
    } as Body<'setHttpRequestTool'>;
    await dataOf(v1.PUT('/v1/tools/http-request', { body }));
    await queries.invalidateQueries({ queryKey: ['tools', workspaceId] });
  };
  return (
    <FormDialog
      wide
      title={title}
      description={description}
      why={whyNot(hosts)}
      save={save}
      onClose={onClose}
    >
      <ListField
        title="Hosts"
        itemName="host"
        empty="None: the tool reaches nothing."
        fresh={(): Draft => ({
          host: '',
          methods: null,
          agents: null,
          before: null,
          credential: null,
        })}
        value={hosts}
        onChange={setHosts}
      >
        {(host, change) => <HostFields host={host} agentId={agentId} change={change} />}
      </ListField>
      <Check
        label="For every agent"
        hint="Otherwise agents name the tool."
        checked={everywhere}
        onChange={(event) => setEverywhere(event.target.checked)}
      />
      <Check
        label="Each call needs an approval"
        checked={approval}
        onChange={(event) => setApproval(event.target.checked)}
      />
    </FormDialog>
  );
}

function HostFields(props: {
  readonly host: Draft;
  readonly agentId: string | null;
  readonly change: (patch: Partial<Draft>) => void;
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
  const toggle = (method: string, on: boolean) => {
    const next = methods.filter((each) => (each === method ? on : chosen?.includes(each)));
    onChange(next.length === 0 ? null : next);
  };
  return (
    <fieldset>
      <legend className="mb-1 text-xs font-medium text-muted">
        Methods {chosen === null && <span className="font-normal">(all)</span>}
      </legend>
      <div className="flex flex-wrap gap-x-3 gap-y-1">
        {methods.map((method) => (
          <Check
            key={method}
            label={method}
            checked={chosen?.includes(method) ?? false}
            onChange={(event) => toggle(method, event.target.checked)}
          />
        ))}
      </div>
    </fieldset>
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

function whyNot(hosts: readonly Host[]): string | null {
  if (hosts.some(({ host }) => host.trim() === '')) return 'A host has no name.';
  if (hosts.some(({ credential }) => credential?.secret === '')) return 'A secret is not chosen.';
  return null;
}
