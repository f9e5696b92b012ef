import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { secretsQuery } from '../api/queries.ts';
import type { Body, McpServer } from '../api/types.ts';
import { useSession } from '../shell/workspace.tsx';
import { Check, Select, TextField } from '../ui/Field.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';
import { JsonField } from '../ui/JsonField.tsx';

type Config = Readonly<Record<string, unknown>>;

const transports = [
  ['http', 'HTTP'],
  ['sse', 'HTTP with events (SSE)'],
  ['stdio', 'A program in the sandbox'],
] as const;

const signIns = [
  ['none', 'Nothing'],
  ['bearer', 'Bearer token'],
  ['header', 'A header'],
  ['oauth_client_credentials', 'OAuth, client credentials'],
  ['oauth', 'OAuth, by a person'],
] as const;

/** Which fields a way of signing in has besides its secret. */
const authFields: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  header: [['name', 'Name of the header']],
  oauth_client_credentials: [
    ['client_id', 'Client id'],
    ['scope', 'Scope'],
  ],
  oauth: [
    ['client_id', 'Client id, if not registered by itself'],
    ['scope', 'Scope'],
  ],
};

const fresh: Readonly<Record<string, Config>> = {
  http: { transport: 'http', url: '' },
  sse: { transport: 'sse', url: '' },
  stdio: { transport: 'stdio', directory: '', runtime: 'node', args: [] },
};

export function McpDialog(props: {
  readonly server: McpServer | null;
  readonly onClose: () => void;
}) {
  const { server, onClose } = props;
  const { workspaceId } = useSession();
  const queries = useQueryClient();
  const [name, setName] = useState(server?.name ?? '');
  const [config, setConfig] = useState<Config>(server?.config ?? (fresh.http as Config));
  const [flags, setFlags] = useState({
    enabled: server?.enabled ?? true,
    enable_globally: server?.enable_globally ?? false,
    requires_approval: server?.requires_approval ?? false,
  });
  const transport = String(config.transport);
  const save = async () => {
    // A config that is sent anew forgets what was authorized.
    const isSame = JSON.stringify(config) === JSON.stringify(server?.config);
    const body = {
      name,
      ...flags,
      ...(isSame ? {} : { config }),
    } as unknown as Body<'createMcpServer'>;
    await dataOf<McpServer>(
      server === null
        ? v1.POST('/v1/mcp-servers', { body: { ...body, workspace_id: workspaceId } })
        : v1.PATCH('/v1/mcp-servers/{id}', { params: { path: { id: server.id } }, body }),
    );
    await queries.invalidateQueries({ queryKey: ['mcp servers'] });
  };
  return (
    <FormDialog
      wide
      title={server === null ? 'An MCP server' : `Change ${server.name}`}
      why={name.trim() === '' ? 'It needs a name.' : null}
      save={save}
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="Name"
          value={name}
          placeholder="github"
          spellCheck={false}
          hint="the first part of its tools’ names"
          onChange={(event) => setName(event.target.value)}
        />
        <Select
          label="Reached by"
          value={transport}
          options={transports}
          onChange={(event) => setConfig(fresh[event.target.value] ?? {})}
        />
      </div>
      {transport === 'stdio' ? (
        <JsonField
          key="stdio"
          rows={7}
          label="Program, as JSON"
          hint='runtime: node or python; directory: on the server; also env, secrets, network: {"allow": […]}, memory_mb'
          value={config}
          onChange={setConfig}
        />
      ) : (
        <>
          <TextField
            label="Address"
            value={String(config.url ?? '')}
            placeholder="https://mcp.example.com/mcp"
            spellCheck={false}
            onChange={(event) => setConfig({ ...config, url: event.target.value })}
          />
          <AuthFields config={config} onChange={setConfig} />
        </>
      )}
      <Check
        label="Enabled"
        checked={flags.enabled}
        onChange={(event) => setFlags({ ...flags, enabled: event.target.checked })}
      />
      <Check
        label="For every agent"
        hint="Otherwise agents name its tools."
        checked={flags.enable_globally}
        onChange={(event) => setFlags({ ...flags, enable_globally: event.target.checked })}
      />
      <Check
        label="Each call needs an approval"
        checked={flags.requires_approval}
        onChange={(event) => setFlags({ ...flags, requires_approval: event.target.checked })}
      />
    </FormDialog>
  );
}

function AuthFields(props: {
  readonly config: Config;
  readonly onChange: (config: Config) => void;
}) {
  const { config, onChange } = props;
  const { workspaceId } = useSession();
  const secrets = useQuery({ ...secretsQuery(workspaceId), retry: false });
  const auth = (config.auth ?? { type: 'none' }) as Readonly<Record<string, string>>;
  const set = (patch: Readonly<Record<string, string>>) => {
    const next = Object.fromEntries(
      Object.entries({ ...auth, ...patch }).filter(([, value]) => value !== ''),
    );
    onChange({ ...config, auth: next });
  };
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Select
        label="It asks for"
        value={auth.type ?? 'none'}
        options={signIns}
        onChange={(event) => onChange({ ...config, auth: { type: event.target.value } })}
      />
      {auth.type !== 'none' && (
        <Select
          label="Secret"
          value={auth.secret ?? ''}
          hint="made under Secrets"
          options={[
            ['', auth.type === 'oauth' ? 'none' : 'choose one'],
            ...(secrets.data ?? []).map(({ name }) => [name, name] as const),
          ]}
          onChange={(event) => set({ secret: event.target.value })}
        />
      )}
      {authFields[auth.type ?? '']?.map(([field, label]) => (
        <TextField
          key={field}
          label={label}
          spellCheck={false}
          value={auth[field] ?? ''}
          onChange={(event) => set({ [field]: event.target.value })}
        />
      ))}
    </div>
  );
}
