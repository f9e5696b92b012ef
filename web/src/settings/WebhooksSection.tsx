import { useQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRound, Webhook as WebhookIcon } from 'lucide-react';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { webhooksQuery } from '../api/settings-queries.ts';
import type { Webhook } from '../api/types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Badge } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { ConfirmButton } from '../ui/Confirm.tsx';
import { DeleteButton } from '../ui/DeleteButton.tsx';
import { EditButton } from '../ui/EditButton.tsx';
import { ListCard, ListLine } from '../ui/ListCard.tsx';
import { ShownOnce } from '../ui/ShownOnce.tsx';
import { Problem } from '../ui/States.tsx';
import { useSubmit } from '../ui/use-submit.ts';
import { WebhookDeliveries } from './WebhookDeliveries.tsx';
import { WebhookDialog } from './WebhookDialog.tsx';

/** Who is told of what happens here. */
export function WebhooksSection() {
  const { workspaceId } = useSession();
  const why = useWhyNot('webhook', 'write');
  const webhooks = useQuery(webhooksQuery(workspaceId));
  const [editing, setEditing] = useState<Webhook | 'new' | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <>
      <ListCard
        title="Webhooks out"
        query={webhooks}
        icon={<WebhookIcon aria-hidden />}
        emptyTitle="Nobody is told"
        emptyText="A webhook posts to an address of yours when runs end, budgets run out, alerts fire or approvals are asked for; signed, and tried again for days."
        addLabel="Add a webhook"
        why={why}
        onAdd={() => setEditing('new')}
      >
        {(webhook) => (
          <WebhookLine
            webhook={webhook}
            why={why}
            onEdit={() => setEditing(webhook)}
            onSecret={setSecret}
          />
        )}
      </ListCard>
      {editing !== null && (
        <WebhookDialog
          webhook={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
          onSecret={setSecret}
        />
      )}
      {secret !== null && (
        <ShownOnce
          title="The secret that its posts are signed with"
          secret={secret}
          onClose={() => setSecret(null)}
        />
      )}
    </>
  );
}

function WebhookLine(props: {
  readonly webhook: Webhook;
  readonly why: string | null;
  readonly onEdit: () => void;
  readonly onSecret: (secret: string) => void;
}) {
  const { webhook, why, onEdit, onSecret } = props;
  const queries = useQueryClient();
  const { busy, error, submit } = useSubmit();
  const [open, setOpen] = useState(false);
  const params = { path: { id: webhook.id } };
  const changed = () => queries.invalidateQueries({ queryKey: ['webhooks'] });
  return (
    <div className="space-y-2">
      <ListLine
        title={<span className="break-all">{webhook.url}</span>}
        badges={
          <>
            {!webhook.enabled && <Badge tone="bad">disabled</Badge>}
            {webhook.enabled && webhook.failing_since && <Badge tone="warn">failing</Badge>}
          </>
        }
        about={
          <>
            {webhook.description && <span className="block">{webhook.description}</span>}
            {webhook.event_types.join(', ')}
            {webhook.disabled_reason && (
              <span className="block text-bad">{webhook.disabled_reason}</span>
            )}
          </>
        }
        actions={
          <>
            <Button small aria-expanded={open} onClick={() => setOpen(!open)}>
              Deliveries
            </Button>
            <Button
              small
              why={why}
              busy={busy}
              onClick={() =>
                void submit(async () => {
                  await dataOf(v1.POST('/v1/webhooks/{id}/test', { params }));
                  setOpen(true);
                  await changed();
                })
              }
            >
              Test
            </Button>
            <ConfirmButton
              small
              kind="quiet"
              aria-label="Make a new secret"
              icon={<KeyRound size={14} aria-hidden />}
              why={why}
              question="Make a new secret?"
              explanation="Posts are signed with both for 24 hours, so that the receiver can change over."
              confirmLabel="Make it"
              act={async () => {
                const made = await dataOf(
                  v1.POST('/v1/webhooks/{id}/rotate-secret', { params, body: {} }),
                );
                await changed();
                onSecret(made.secret);
              }}
            />
            <EditButton name={`the webhook to ${webhook.url}`} why={why} onClick={onEdit} />
            <DeleteButton
              name="the webhook"
              why={why}
              explanation="What has not arrived yet is given up."
              act={async () => {
                await dataOf(v1.DELETE('/v1/webhooks/{id}', { params }));
                await changed();
              }}
            />
          </>
        }
      />
      <Problem error={error} />
      {open && <WebhookDeliveries webhookId={webhook.id} why={why} />}
    </div>
  );
}
