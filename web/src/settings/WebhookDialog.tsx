import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import type { Body, Webhook } from '../api/types.ts';
import { useSession } from '../shell/workspace.tsx';
import { Check, TextField } from '../ui/Field.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';

type EventType = Body<'createWebhook'>['event_types'][number];

/** By family: what can be told. */
const families: readonly (readonly [string, readonly EventType[]])[] = [
  ['Runs', ['run.completed', 'run.failed', 'run.cancelled']],
  ['Approvals', ['approval.requested', 'approval.decided', 'approval.expired']],
  ['Conversations', ['conversation.created', 'conversation.updated', 'escalation.created']],
  ['Messages', ['message.received', 'message.sent']],
  ['Budgets', ['budget.warning', 'budget.exceeded']],
  ['Alerts', ['alert.firing', 'alert.cleared']],
];

export function WebhookDialog(props: {
  readonly webhook: Webhook | null;
  readonly onClose: () => void;
  readonly onSecret: (secret: string) => void;
}) {
  const { webhook, onClose, onSecret } = props;
  const { workspaceId } = useSession();
  const queries = useQueryClient();
  const [url, setUrl] = useState(webhook?.url ?? '');
  const [description, setDescription] = useState(webhook?.description ?? '');
  const [enabled, setEnabled] = useState(webhook?.enabled ?? true);
  const [types, setTypes] = useState<readonly string[]>(
    webhook?.event_types ?? ['run.completed', 'run.failed'],
  );
  const others = types.filter((each) => !families.some(([, some]) => some.includes(each as never)));
  const toggle = (type: string, on: boolean) =>
    setTypes(on ? [...types, type] : types.filter((each) => each !== type));
  const save = async () => {
    const body = { url: url.trim(), description, enabled, event_types: [...types] as EventType[] };
    if (webhook === null) {
      const made = await dataOf(
        v1.POST('/v1/webhooks', { body: { ...body, workspace_id: workspaceId } }),
      );
      onSecret(made.secret);
    } else {
      await dataOf(v1.PATCH('/v1/webhooks/{id}', { params: { path: { id: webhook.id } }, body }));
    }
    await queries.invalidateQueries({ queryKey: ['webhooks'] });
  };
  return (
    <FormDialog
      title={webhook === null ? 'A webhook' : 'Change the webhook'}
      why={
        url.trim() === ''
          ? 'The address is missing.'
          : types.length === 0
            ? 'Nothing is chosen to be told.'
            : null
      }
      save={save}
      onClose={onClose}
    >
      <TextField
        label="Address"
        value={url}
        placeholder="https://example.com/signalbox"
        spellCheck={false}
        onChange={(event) => setUrl(event.target.value)}
      />
      <TextField
        label="Description"
        value={description}
        onChange={(event) => setDescription(event.target.value)}
      />
      <fieldset className="grid gap-x-4 gap-y-3 sm:grid-cols-2">
        <legend className="mb-1 text-xs font-medium text-muted">It is told of</legend>
        {families.map(([family, some]) => (
          <div key={family} className="space-y-1">
            <p className="text-xs text-faint">{family}</p>
            {some.map((type) => (
              <Check
                key={type}
                label={type}
                checked={types.includes(type)}
                onChange={(event) => toggle(type, event.target.checked)}
              />
            ))}
          </div>
        ))}
        {others.map((type) => (
          <Check key={type} label={type} checked onChange={() => toggle(type, false)} />
        ))}
      </fieldset>
      <Check
        label="Enabled"
        checked={enabled}
        onChange={(event) => setEnabled(event.target.checked)}
      />
    </FormDialog>
  );
}
