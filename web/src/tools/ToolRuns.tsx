import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChevronRight, Play } from 'lucide-react';
import { useState } from 'react';
import { toolRunsQuery } from '../api/queries.ts';
import type { ToolRun } from '../api/types.ts';
import { Unanswered } from '../ui/Answer.tsx';
import { Lamp, type Tone } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { classes } from '../ui/classes.ts';
import { bytes, duration } from '../ui/format.ts';
import { JsonView } from '../ui/JsonView.tsx';
import { LongText } from '../ui/LongText.tsx';
import { Card } from '../ui/Page.tsx';
import { Empty } from '../ui/States.tsx';
import { Time } from '../ui/Time.tsx';

const tones: Readonly<Record<ToolRun['status'], Tone>> = {
  running: 'live',
  done: 'good',
  failed: 'bad',
  interrupted: 'warn',
  cancelled: 'plain',
};

/** Every call of the tool, by agents and by hand. */
export function ToolRuns({ toolId }: { readonly toolId: string }) {
  const runs = useInfiniteQuery({ ...toolRunsQuery(toolId), refetchInterval: 5_000 });
  const shown = runs.data?.pages.flatMap(({ data }) => data);
  if (shown === undefined) {
    return (
      <Card>
        <Unanswered query={runs} label="Loading its runs" />
      </Card>
    );
  }
  return (
    <Card title="Calls">
      {shown.length === 0 ? (
        <Empty icon={<Play aria-hidden />} title="It has not been called yet">
          Try it in its editor, or let an agent call it.
        </Empty>
      ) : (
        <ul className="divide-y divide-line/70">
          {shown.map((run) => (
            <Line key={run.id} run={run} />
          ))}
        </ul>
      )}
      {runs.hasNextPage && (
        <div className="border-t border-line p-2 text-center">
          <Button busy={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
            Older calls
          </Button>
        </div>
      )}
    </Card>
  );
}

function Line({ run }: { readonly run: ToolRun }) {
  const [open, setOpen] = useState(false);
  const { caller } = run;
  return (
    <li className="text-[13px]">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="flex min-w-0 grow basis-40 items-center gap-2 text-left font-medium"
        >
          <ChevronRight
            size={14}
            aria-hidden
            className={classes('text-faint transition-transform', open && 'rotate-90')}
          />
          <Lamp tone={tones[run.status]}>{run.status}</Lamp>
          {run.error && <span className="truncate font-normal text-muted">{run.error}</span>}
        </button>
        <span className="text-muted">
          {caller.type === 'run' && caller.run_id ? (
            <>
              by{' '}
              <Link
                to="/runs/$runId"
                params={{ runId: caller.run_id }}
                className="text-accent underline"
              >
                a run
              </Link>
            </>
          ) : (
            `by hand${caller.token_name ? `, ${caller.token_name}` : ''}`
          )}
        </span>
        <span className="text-muted">version {run.tool_version}</span>
        <span className="w-16 text-right text-muted">{duration(run.duration_ms)}</span>
        <span className="w-24 text-right text-xs text-muted">
          <Time at={run.started_at} />
        </span>
      </div>
      {open && (
        <div className="space-y-3 px-4 pb-4">
          {run.shortened && (
            <p className="text-xs text-faint">Shown shortened: it is too long for a list.</p>
          )}
          <JsonView value={run.input} label="Input" />
          {run.error && (
            <pre className="whitespace-pre-wrap break-words rounded-md border border-bad/40 bg-bad/8 px-3 py-2 font-mono text-xs text-bad">
              <LongText text={run.error} />
            </pre>
          )}
          {run.spilled ? (
            <JsonView
              value={`${run.spilled.head}…`}
              label={`Output, ${bytes(run.spilled.size_bytes)}: its beginning`}
            />
          ) : (
            run.output != null && <JsonView value={run.output} label="Output" />
          )}
          {run.logs && <JsonView value={run.logs} label="Logs" />}
          {run.connections && run.connections.length > 0 && (
            <JsonView value={run.connections} label="Connections" />
          )}
        </div>
      )}
    </li>
  );
}
