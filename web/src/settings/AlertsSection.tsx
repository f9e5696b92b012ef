import { useQuery, useQueryClient } from '@tanstack/react-query';
import { BellRing } from 'lucide-react';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { alertsQuery } from '../api/settings-queries.ts';
import type { AlertRule } from '../api/types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Badge, Lamp } from '../ui/Badge.tsx';
import { DeleteButton } from '../ui/DeleteButton.tsx';
import { EditButton } from '../ui/EditButton.tsx';
import { ListCard, ListLine } from '../ui/ListCard.tsx';
import { Time } from '../ui/Time.tsx';
import { AlertDialog } from './AlertDialog.tsx';
import { sayAlert } from './alert-kinds.ts';

/** What people want to be told of. */
export function AlertsSection() {
  const { workspaceId } = useSession();
  const queries = useQueryClient();
  const why = useWhyNot('alert', 'write');
  const alerts = useQuery({ ...alertsQuery(workspaceId), refetchInterval: 10_000 });
  const [editing, setEditing] = useState<AlertRule | 'new' | null>(null);
  return (
    <>
      <ListCard
        title="Alerts"
        query={alerts}
        icon={<BellRing aria-hidden />}
        emptyTitle="No alert yet"
        emptyText="An alert says once that something is wrong, and once that it is right again: by e-mail, in Slack, and to webhooks."
        addLabel="Add an alert"
        why={why}
        onAdd={() => setEditing('new')}
      >
        {(rule) => (
          <ListLine
            title={rule.name}
            badges={
              !rule.enabled ? (
                <Badge>off</Badge>
              ) : (
                <span className="text-xs">
                  <Lamp tone={rule.state === 'firing' ? 'bad' : 'good'}>
                    {rule.state === 'firing' ? 'firing' : 'quiet'}
                  </Lamp>
                </span>
              )
            }
            about={
              <>
                {sayAlert(rule)}
                {rule.summary && (
                  <span className="block text-bad">
                    {rule.summary} {rule.since && <Time at={rule.since} />}
                  </span>
                )}
              </>
            }
            actions={
              <>
                <EditButton name={rule.name} why={why} onClick={() => setEditing(rule)} />
                <DeleteButton
                  name={rule.name}
                  why={why}
                  explanation="Nobody is told of it any more."
                  act={async () => {
                    const params = { path: { id: rule.id } };
                    await dataOf(v1.DELETE('/v1/alerts/{id}', { params }));
                    await queries.invalidateQueries({ queryKey: ['alerts'] });
                  }}
                />
              </>
            }
          />
        )}
      </ListCard>
      {editing !== null && (
        <AlertDialog rule={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />
      )}
    </>
  );
}
