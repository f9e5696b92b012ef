import { useInfiniteQuery } from '@tanstack/react-query';
import { Download, ScrollText, ShieldCheck } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { type AuditFilters, auditQuery } from '../api/settings-queries.ts';
import type { AuditEntry } from '../api/types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Unanswered } from '../ui/Answer.tsx';
import { Badge } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { TextField } from '../ui/Field.tsx';
import { count } from '../ui/format.ts';
import { JsonView } from '../ui/JsonView.tsx';
import { Card } from '../ui/Page.tsx';
import { Empty, Problem } from '../ui/States.tsx';
import { Time } from '../ui/Time.tsx';
import { useSubmit } from '../ui/use-submit.ts';

/** Who changed what. For owners only. */
export function AuditSection() {
  const why = useWhyNot('audit', 'owner');
  if (why !== null) {
    return (
      <Card title="Audit log">
        <Empty icon={<ScrollText aria-hidden />} title="For owners only">
          {why}
        </Empty>
      </Card>
    );
  }
  return <AuditLog />;
}

function AuditLog() {
  const { workspaceId } = useSession();
  const [action, setAction] = useState('');
  const [objectId, setObjectId] = useState('');
  const filters: AuditFilters = {
    ...(action.trim() && { action: action.trim() }),
    ...(objectId.trim() && { object_id: objectId.trim() }),
  };
  const asked = useDeferredValue(filters);
  const log = useInfiniteQuery(auditQuery(workspaceId, asked));
  const entries = log.data?.pages.flatMap(({ data }) => data);
  const query = new URLSearchParams({ workspace_id: workspaceId, ...asked });
  return (
    <Card
      title="Audit log"
      actions={
        <>
          <Verify />
          <a
            href={`/v1/audit/export?${query}`}
            download="audit.jsonl"
            className="inline-flex h-7 items-center gap-1.5 rounded-md border border-line bg-surface px-2.5 text-[13px] font-medium hover:border-strong hover:bg-sunken"
          >
            <Download size={14} aria-hidden />
            Export
          </a>
        </>
      }
    >
      <div className="grid gap-3 border-b border-line px-4 py-3 sm:grid-cols-2">
        <TextField
          label="Action"
          placeholder="updateAgent"
          spellCheck={false}
          value={action}
          onChange={(event) => setAction(event.target.value)}
        />
        <TextField
          label="Id of what was changed"
          spellCheck={false}
          value={objectId}
          onChange={(event) => setObjectId(event.target.value)}
        />
      </div>
      {entries === undefined ? (
        <Unanswered query={log} label="Loading the audit log" />
      ) : entries.length === 0 ? (
        <p className="px-4 py-8 text-center text-muted">No entry is like that.</p>
      ) : (
        <ul className="divide-y divide-line/70">
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </ul>
      )}
      {log.hasNextPage && (
        <div className="border-t border-line p-2 text-center">
          <Button busy={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
            Older entries
          </Button>
        </div>
      )}
    </Card>
  );
}

function Entry({ entry }: { readonly entry: AuditEntry }) {
  const hasDetails = entry.before != null || entry.after != null;
  const line = (
    <span className="inline-flex w-full min-w-0 flex-wrap items-center gap-x-3 gap-y-0.5 align-middle">
      <span className="min-w-0 grow basis-56">
        <span className="font-medium">{entry.action}</span>{' '}
        {entry.outcome !== 'done' && (
          <Badge tone={entry.outcome === 'refused' ? 'warn' : 'bad'}>{entry.outcome}</Badge>
        )}
        <span className="block text-xs text-muted">
          {entry.actor.name || entry.actor.kind}
          {entry.address && ` from ${entry.address}`}
          {entry.object_id && ` · ${entry.object_id}`}
        </span>
      </span>
      <span className="text-xs text-muted">
        <Time at={entry.at} />
      </span>
    </span>
  );
  return (
    <li className="px-4 py-2 text-[13px]">
      {hasDetails ? (
        <details>
          <summary className="flex">{line}</summary>
          <div className="mt-2 grid gap-3 sm:grid-cols-2">
            {entry.before != null && <JsonView value={entry.before} label="Before" />}
            {entry.after != null && <JsonView value={entry.after} label="After" />}
          </div>
        </details>
      ) : (
        line
      )}
    </li>
  );
}

/** Asks the server to go through the chain of all entries. */
function Verify() {
  const { workspaceId } = useSession();
  const { busy, error, submit } = useSubmit();
  const [said, setSaid] = useState('');
  const verify = () =>
    submit(async () => {
      const params = { query: { workspace_id: workspaceId } };
      const { ok, entries, broken_at } = await dataOf(v1.GET('/v1/audit/verify', { params }));
      setSaid(ok ? `${count(entries)} entries, unbroken` : `broken at entry ${broken_at}`);
    });
  return (
    <>
      <span role="status" className="text-xs text-muted">
        {said}
      </span>
      <Problem error={error} />
      <Button
        small
        busy={busy}
        icon={<ShieldCheck size={14} aria-hidden />}
        onClick={() => void verify()}
      >
        Verify
      </Button>
    </>
  );
}
