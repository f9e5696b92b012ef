import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Plug } from 'lucide-react';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { mcpServersQuery } from '../api/settings-queries.ts';
import type { McpServer } from '../api/types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Badge, Lamp } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { DeleteButton } from '../ui/DeleteButton.tsx';
import { EditButton } from '../ui/EditButton.tsx';
import { ListCard, ListLine } from '../ui/ListCard.tsx';
import { Problem } from '../ui/States.tsx';
import { useSubmit } from '../ui/use-submit.ts';
import { McpDialog } from './McpDialog.tsx';

/** Servers whose tools agents may use. */
export function McpSection() {
  const { workspaceId } = useSession();
  const why = useWhyNot('mcp_server', 'write');
  const servers = useQuery(mcpServersQuery(workspaceId));
  const [editing, setEditing] = useState<McpServer | 'new' | null>(null);
  return (
    <>
      <ListCard
        title="MCP servers"
        query={servers}
        icon={<Plug aria-hidden />}
        emptyTitle="No MCP server yet"
        emptyText="A server of the Model Context Protocol gives its tools to agents: over HTTP, or as a program in the sandbox."
        addLabel="Add a server"
        why={why}
        onAdd={() => setEditing('new')}
      >
        {(server) => <ServerLine server={server} why={why} onEdit={() => setEditing(server)} />}
      </ListCard>
      {editing !== null && (
        <McpDialog server={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />
      )}
    </>
  );
}

type Test = { success: boolean; error: string | null; tools: readonly { name: string }[] };

function ServerLine(props: {
  readonly server: McpServer;
  readonly why: string | null;
  readonly onEdit: () => void;
}) {
  const { server, why, onEdit } = props;
  const queries = useQueryClient();
  const { busy, error, submit } = useSubmit();
  const [tested, setTested] = useState<Test | null>(null);
  const params = { path: { id: server.id } };
  const config = server.config as { transport: string; url?: string; auth?: { type: string } };
  const test = () =>
    submit(async () => {
      setTested(null);
      setTested(await dataOf<Test>(v1.POST('/v1/mcp-servers/{id}/test', { params })));
      await queries.invalidateQueries({ queryKey: ['mcp servers'] });
    });
  const authorize = () =>
    submit(async () => {
      const body = { redirect_url: `${location.origin}/v1/mcp-authorizations/callback` };
      const { authorization_url } = await dataOf(
        v1.POST('/v1/mcp-servers/{id}/authorize', { params, body }),
      );
      if (authorization_url !== null) window.open(authorization_url, '_blank', 'noopener');
    });
  return (
    <div className="space-y-2">
      <ListLine
        title={<code className="font-mono">{server.name}</code>}
        badges={
          <>
            {!server.enabled && <Badge tone="warn">disabled</Badge>}
            {server.enable_globally && <Badge tone="good">every agent</Badge>}
            {server.requires_approval && <Badge tone="warn">needs approval</Badge>}
            {server.problem && <Badge tone="bad">not reachable</Badge>}
          </>
        }
        about={
          <>
            {config.transport === 'stdio' ? 'a program in the sandbox' : config.url}
            {server.tool_count !== null && <> · {server.tool_count} tools</>}
            {server.problem && <span className="block text-bad">{server.problem}</span>}
          </>
        }
        actions={
          <>
            {config.auth?.type === 'oauth' && (
              <Button small why={why} busy={busy} onClick={() => void authorize()}>
                Authorize
              </Button>
            )}
            <Button small why={why} busy={busy} onClick={() => void test()}>
              Test
            </Button>
            <EditButton name={server.name} why={why} onClick={onEdit} />
            <DeleteButton
              name={server.name}
              why={why}
              verb="Remove"
              explanation="Its tools are no longer there for any agent."
              act={async () => {
                await dataOf(v1.DELETE('/v1/mcp-servers/{id}', { params }));
                await queries.invalidateQueries({ queryKey: ['mcp servers'] });
              }}
            />
          </>
        }
      />
      <Problem error={error} />
      <div role="status">
        {tested && (
          <p className="rounded-md border border-line bg-sunken px-3 py-2 text-[13px]">
            <Lamp tone={tested.success ? 'good' : 'bad'}>
              {tested.success ? `Connected, ${tested.tools.length} tools` : 'Not connected'}
            </Lamp>{' '}
            <span className="break-words text-muted">
              {tested.success ? tested.tools.map(({ name }) => name).join(', ') : tested.error}
            </span>
          </p>
        )}
      </div>
    </div>
  );
}
