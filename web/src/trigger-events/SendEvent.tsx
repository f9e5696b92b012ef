import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { useSession } from '../shell/workspace.tsx';
import { TextField } from '../ui/Field.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';
import { JsonText } from '../ui/JsonText.tsx';
import { parseJson } from '../ui/parse-json.ts';

/** Sends an event as a program of one's own would, and leads to what it came to. */
export function SendEvent({ onClose }: { readonly onClose: () => void }) {
  const { workspaceId } = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [type, setType] = useState('');
  const [entity, setEntity] = useState('');
  const [payload, setPayload] = useState('{}');
  const read = parseJson(payload);
  const send = async () => {
    const sent = await dataOf(
      v1.POST('/v1/events', {
        params: { query: { workspace_id: workspaceId } },
        body: {
          type: type.trim(),
          payload: read.value,
          ...(entity.trim() === '' ? {} : { entity_id: entity.trim() }),
        },
      }),
    );
    await queries.invalidateQueries({ queryKey: ['trigger events'] });
    const [eventId] = sent.trigger_event_ids;
    if (eventId !== undefined) {
      await navigate({ to: '/trigger-events/$eventId', params: { eventId } });
    }
  };
  return (
    <FormDialog
      title="Send an event"
      description="Every agent whose event trigger listens to its name, and whose filter it passes, runs."
      saveLabel="Send"
      why={
        type.trim() === ''
          ? 'Name the event.'
          : read.problem !== null
            ? 'The payload is not JSON.'
            : null
      }
      save={send}
      onClose={onClose}
    >
      <TextField
        label="Name"
        placeholder="order.paid"
        spellCheck={false}
        value={type}
        onChange={(event) => setType(event.target.value)}
      />
      <TextField
        label="Entity"
        hint="What it is about, such as the id of an order; may be left empty."
        value={entity}
        onChange={(event) => setEntity(event.target.value)}
      />
      <JsonText label="Payload, as JSON" rows={6} value={payload} onChange={setPayload} />
    </FormDialog>
  );
}
