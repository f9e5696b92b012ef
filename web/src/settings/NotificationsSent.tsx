import { useInfiniteQuery } from '@tanstack/react-query';
import { notificationsQuery } from '../api/settings-queries.ts';
import type { Notification } from '../api/types.ts';
import { useSession } from '../shell/workspace.tsx';
import { itemsOf, More, Unanswered } from '../ui/Answer.tsx';
import { Lamp, type Tone } from '../ui/Badge.tsx';
import { liveInterval } from '../ui/live.ts';
import { Card } from '../ui/Page.tsx';
import { Time } from '../ui/Time.tsx';
import { channelNames } from './notification-names.ts';

const tones: Readonly<Record<Notification['status'], Tone>> = {
  queued: 'live',
  sent: 'good',
  failed: 'bad',
};

/** The messages of the last 30 days, and how their sending goes. */
export function NotificationsSent() {
  const { workspaceId } = useSession();
  const query = useInfiniteQuery({
    ...notificationsQuery(workspaceId),
    refetchInterval: liveInterval,
  });
  const sent = itemsOf(query.data);
  return (
    <Card title="What was sent">
      {sent === undefined ? (
        <Unanswered query={query} label="Loading what was sent" />
      ) : sent.length === 0 ? (
        <p className="px-4 py-6 text-center text-muted">Nothing yet.</p>
      ) : (
        <ul className="divide-y divide-line/70">
          {sent.map((each) => (
            <li key={each.id} className="flex flex-wrap gap-x-3 gap-y-1 px-4 py-2 text-[13px]">
              <span className="w-16 shrink-0">
                <Lamp tone={tones[each.status]}>{each.status}</Lamp>
              </span>
              <span className="min-w-0 grow basis-56 break-words">
                {each.subject}
                <span className="block text-xs text-muted">
                  {channelNames[each.channel]} to {each.target}
                </span>
                {each.error && <span className="block text-xs text-bad">{each.error}</span>}
              </span>
              <span className="text-xs text-muted">
                <Time at={each.created_at} />
              </span>
            </li>
          ))}
        </ul>
      )}
      <More query={query}>Earlier ones</More>
    </Card>
  );
}
