import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import type { TriggerEvent } from '../api/types.ts';
import { Select } from '../ui/Field.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';

/** Fires an event again, for all agents or for one, and leads to what that came to. */
export function ReplayDialog(props: {
  readonly event: TriggerEvent;
  readonly onClose: () => void;
}) {
  const { event, onClose } = props;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [agentId, setAgentId] = useState('');
  const agents = new Map(event.verdicts.map(({ agent_id, agent_name }) => [agent_id, agent_name]));
  const replay = async () => {
    const fired = await dataOf(
      v1.POST('/v1/trigger-events/{id}/replay', {
        params: { path: { id: event.id } },
        body: agentId === '' ? {} : { agent_id: agentId },
      }),
    );
    await queries.invalidateQueries({ queryKey: ['trigger events'] });
    const params = { eventId: fired.trigger_event_id };
    await navigate({ to: '/trigger-events/$eventId', params });
  };
  return (
    <FormDialog
      title="Replay this event?"
      description="It is fired again with the same payload, and judged by the triggers as they are now. Runs may follow, with their effects."
      saveLabel="Replay it"
      why={null}
      save={replay}
      onClose={onClose}
    >
      <Select
        label="For"
        value={agentId}
        options={[['', 'every agent that listens'], ...agents]}
        onChange={({ target }) => setAgentId(target.value)}
      />
    </FormDialog>
  );
}
