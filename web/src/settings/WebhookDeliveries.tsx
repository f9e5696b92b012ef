import { useQuery, useQueryClient } from '@tanstack/react-query';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { deliveriesQuery } from '../api/settings-queries.ts';
import type { Delivery } from '../api/types.ts';
import { Lamp, type Tone } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { Loading, Problem } from '../ui/States.tsx';
import { Time } from '../ui/Time.tsx';
import { useSubmit } from '../ui/use-submit.ts';

const tones: Readonly<Record<Delivery['status'], Tone>> = {
  pending: 'live',
  delivered: 'good',
  failed: 'bad',
};

/** The latest posts of a webhook, and what was answered to them. */
export function WebhookDeliveries({
  webhookId,
  why,
}: {
  readonly webhookId: string;
  readonly why: string | null;
}) {
  const queries = useQueryClient();
  const deliveries = useQuery({ ...deliveriesQuery(webhookId), refetchInterval: 5_000 });
  const { busy, error, submit } = useSubmit();
  if (deliveries.data === undefined) {
    return deliveries.error ? (
      <Problem error={deliveries.error} />
    ) : (
      <Loading label="Loading deliveries" />
    );
  }
  const resend = (id: string) =>
    submit(async () => {
      const params = { path: { id: webhookId, delivery_id: id } };
      await dataOf(v1.POST('/v1/webhooks/{id}/deliveries/{delivery_id}/resend', { params }));
      await queries.invalidateQueries({ queryKey: deliveriesQuery(webhookId).queryKey });
    });
  return (
    <div className="rounded-md border border-line bg-sunken px-3 py-1">
      <Problem error={error} />
      {deliveries.data.length === 0 ? (
        <p className="py-2 text-muted">Nothing has been posted yet.</p>
      ) : (
        <ul className="divide-y divide-line">
          {deliveries.data.map((delivery) => (
            <li key={delivery.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-1.5">
              <Lamp tone={tones[delivery.status]}>{delivery.status}</Lamp>
              <span className="min-w-0 grow break-words">
                {delivery.event_type}
                <span className="block text-xs text-muted">
                  {delivery.last_attempt === null
                    ? 'not tried yet'
                    : (delivery.last_attempt.error ??
                      `answered ${delivery.last_attempt.status} after ${delivery.attempts} ${delivery.attempts === 1 ? 'try' : 'tries'}`)}
                </span>
              </span>
              <span className="text-xs text-muted">
                <Time at={delivery.created_at} />
              </span>
              <Button
                small
                busy={busy}
                why={why ?? (delivery.status === 'pending' ? 'It is still being tried.' : null)}
                onClick={() => void resend(delivery.id)}
              >
                Send again
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
