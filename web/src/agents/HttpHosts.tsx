import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { httpToolQuery } from '../api/queries.ts';
import type { Body, Data } from '../api/types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Unanswered } from '../ui/Answer.tsx';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Check } from '../ui/Field.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';
import { type HostDraft, HttpHostFields } from './HttpHostFields.tsx';
import { ListField } from './ListField.tsx';

type Settings = Data<'getHttpRequestTool'>;

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
  const [hosts, setHosts] = useState<readonly HostDraft[]>(
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
        fresh={(): HostDraft => ({
          host: '',
          methods: null,
          agents: null,
          before: null,
          credential: null,
        })}
        value={hosts}
        onChange={setHosts}
      >
        {(host, change) => <HttpHostFields host={host} agentId={agentId} change={change} />}
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

function whyNot(hosts: readonly HostDraft[]): string | null {
  if (hosts.some(({ host }) => host.trim() === '')) return 'A host has no name.';
  if (hosts.some(({ credential }) => credential?.secret === '')) return 'A secret is not chosen.';
  return null;
}
