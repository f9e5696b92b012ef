import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Paperclip } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { messagesQuery } from '../api/work-queries.ts';
import type { Message } from '../api/work-types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { Answer, itemsOf, More } from '../ui/Answer.tsx';
import { Badge, type Tone } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { classes } from '../ui/classes.ts';
import { bytes, fullTime } from '../ui/format.ts';
import { LongText } from '../ui/LongText.tsx';
import { liveInterval } from '../ui/live.ts';
import { Problem } from '../ui/States.tsx';
import { Time } from '../ui/Time.tsx';
import { useSubmit } from '../ui/use-submit.ts';

/** What was written in a conversation, the last at the end; live. */
export function Messages({ conversationId }: { readonly conversationId: string }) {
  const messages = useInfiniteQuery({
    ...messagesQuery(conversationId),
    refetchInterval: liveInterval,
  });
  return (
    <Answer query={messages} label="Loading messages">
      {(data) => {
        const shown = itemsOf(data).toReversed();
        return (
          <>
            <More query={messages}>Earlier messages</More>
            {shown.length === 0 && (
              <p className="p-4 text-muted">Nobody has written anything yet.</p>
            )}
            <ol aria-label="Messages" className="space-y-3 p-4">
              {shown.map((message) => (
                <OneMessage key={message.id} message={message} />
              ))}
            </ol>
            <ToTheLast id={shown.at(-1)?.id} />
          </>
        );
      }}
    </Answer>
  );
}

/** Keeps the last message in view, unless somebody reads further up. */
function ToTheLast({ id }: { readonly id: string | undefined }) {
  const place = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new last message is gone to.
  useEffect(() => {
    const view = place.current?.closest('.overflow-auto');
    if (!view) return;
    const fromEnd = view.scrollHeight - view.scrollTop - view.clientHeight;
    if (view.scrollTop === 0 || fromEnd < 400) view.scrollTop = view.scrollHeight;
  }, [id]);
  return <div ref={place} />;
}

const deliveries: Readonly<Record<Message['status'], readonly [string, Tone]>> = {
  received: ['received', 'plain'],
  queued: ['waits to be sent', 'plain'],
  sending: ['is being sent', 'live'],
  sent: ['sent', 'good'],
  failed: ['not delivered', 'bad'],
  unknown: ['nobody knows whether it arrived', 'warn'],
};

function OneMessage({ message }: { readonly message: Message }) {
  const isOurs = message.direction === 'outbound';
  const [words, tone] = deliveries[message.status];
  return (
    <li className={classes('flex flex-col gap-1', isOurs ? 'items-end' : 'items-start')}>
      <p className="flex flex-wrap items-center gap-x-2 text-2xs text-faint">
        <span className="font-medium text-muted">{whoOf(message)}</span>
        <Time at={message.created_at} />
        {message.edited_at !== null && <span title={fullTime(message.edited_at)}>edited</span>}
        {message.agent_run_id !== null && <RunLink id={message.agent_run_id} />}
      </p>
      <div
        className={classes(
          'max-w-[min(42rem,92%)] whitespace-pre-wrap break-words rounded-lg border px-3 py-2 text-[13px]',
          isOurs ? 'border-accent/30 bg-accent/8' : 'border-line bg-sunken',
        )}
      >
        {message.subject && <p className="mb-1 font-medium">{message.subject}</p>}
        <LongText text={message.body} />
        <Files files={message.attachments} />
      </div>
      {isOurs && (
        <div className="flex flex-wrap items-center justify-end gap-2 text-2xs text-muted">
          <Badge tone={tone}>{words}</Badge>
          {message.attempts > 1 && <span>{message.attempts} attempts</span>}
          {message.next_attempt_at !== null && message.status === 'queued' && (
            <span>
              next <Time at={message.next_attempt_at} />
            </span>
          )}
          {message.error && <span className="max-w-80 break-words text-bad">{message.error}</span>}
          {(message.status === 'failed' || message.status === 'unknown') && (
            <Resend message={message} />
          )}
        </div>
      )}
    </li>
  );
}

/** What came with a message: to be downloaded, never shown here. */
function Files({ files }: { readonly files: Message['attachments'] }) {
  if (files.length === 0) return null;
  return (
    <ul aria-label="Files" className="mt-2 space-y-1 border-t border-line pt-2 text-xs">
      {files.map(({ id, name, size_bytes: size, url, not_kept_reason: reason }) => (
        <li key={id} className="flex flex-wrap items-center gap-x-2">
          <Paperclip size={12} aria-hidden className="shrink-0 text-muted" />
          {url === null ? (
            <span className="text-muted">
              {name}: not kept{reason && `, ${reason}`}
            </span>
          ) : (
            <a href={url} download={name} className="break-all text-accent underline">
              {name}
            </a>
          )}
          <span className="text-faint">{bytes(size)}</span>
        </li>
      ))}
    </ul>
  );
}

function whoOf({ direction, sender, agent_run_id: run }: Message): string {
  if (direction === 'inbound') return sender.name ?? sender.external_id ?? 'They';
  return run !== null && sender.user_id === null ? 'Agent' : (sender.name ?? 'A person of ours');
}

function RunLink({ id }: { readonly id: string }) {
  return (
    <Link to="/runs/$runId" params={{ runId: id }} className="text-accent underline">
      its run
    </Link>
  );
}

function Resend({ message }: { readonly message: Message }) {
  const queries = useQueryClient();
  const why = useWhyNot('conversation', 'write');
  const { busy, error, submit } = useSubmit();
  if (why !== null) return null;
  const path = { id: message.conversation_id, message_id: message.id };
  const resend = () =>
    submit(async () => {
      await dataOf(
        v1.POST('/v1/conversations/{id}/messages/{message_id}/resend', { params: { path } }),
      );
      await queries.invalidateQueries({ queryKey: ['messages', message.conversation_id] });
    });
  return (
    <>
      <Button small busy={busy} onClick={() => void resend()}>
        Send it again
      </Button>
      <Problem error={error} />
    </>
  );
}
