import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { CalendarClock, Pencil } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { agentsQuery } from '../api/queries.ts';
import { schedulesQuery } from '../api/work-queries.ts';
import type { ScheduledRun } from '../api/work-types.ts';
import { searchOf } from '../search.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Answer, itemsOf, More } from '../ui/Answer.tsx';
import { Badge, type Tone } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { ConfirmButton } from '../ui/Confirm.tsx';
import { Select } from '../ui/Field.tsx';
import { fullTime } from '../ui/format.ts';
import { liveInterval } from '../ui/live.ts';
import { Card } from '../ui/Page.tsx';
import { Empty } from '../ui/States.tsx';
import { Time } from '../ui/Time.tsx';
import { ScheduleDialog } from './ScheduleDialog.tsx';

const route = getRouteApi('/schedules');
const statuses = ['scheduled', 'fired', 'cancelled', 'failed'] as const;

/** Runs that are to begin once, at a time of their own. */
export function ScheduledRuns(props: {
  readonly search: { readonly status?: string; readonly agent?: string };
  readonly add: ReactNode;
}) {
  const { search, add } = props;
  const { workspaceId } = useSession();
  const navigate = route.useNavigate();
  const agents = useQuery(agentsQuery(workspaceId));
  const status = statuses.find((each) => each === search.status);
  const schedules = useInfiniteQuery({
    ...schedulesQuery(workspaceId, {
      ...(status && { status }),
      ...(search.agent && { agent_id: search.agent }),
    }),
    refetchInterval: liveInterval,
  });
  const change = (patch: Record<string, string>) =>
    void navigate({
      search: (before) => searchOf.schedules({ ...before, ...patch }),
      replace: true,
    });
  const names = new Map((agents.data ?? []).map(({ id, name }) => [id, name]));
  const isFiltered = status !== undefined || search.agent !== undefined;
  return (
    <>
      <div className="mb-3 flex flex-wrap gap-2">
        <Select
          label="Status"
          hideLabel
          className="w-36"
          value={status ?? ''}
          options={[['', 'Every status'], ...statuses.map((each) => [each, each] as const)]}
          onChange={(event) => change({ status: event.target.value })}
        />
        <Select
          label="Agent"
          hideLabel
          className="w-44"
          value={search.agent ?? ''}
          options={[['', 'Every agent'], ...names]}
          onChange={(event) => change({ agent: event.target.value })}
        />
      </div>
      <Card>
        <Answer
          query={{ ...schedules, data: itemsOf(schedules.data) }}
          label="Loading scheduled runs"
        >
          {(shown) =>
            shown.length === 0 ? (
              <Empty
                icon={<CalendarClock aria-hidden />}
                title={isFiltered ? 'No scheduled run is like that' : 'No run is scheduled'}
                action={add}
              >
                A run can begin once at a given time: people schedule one here, programs by the API,
                and agents by a tool.
              </Empty>
            ) : (
              <>
                <ul className="divide-y divide-line/70">
                  {shown.map((schedule) => (
                    <Row
                      key={schedule.id}
                      schedule={schedule}
                      agent={names.get(schedule.agent_id) ?? 'Deleted agent'}
                    />
                  ))}
                </ul>
                <More query={schedules}>Older ones</More>
              </>
            )
          }
        </Answer>
      </Card>
    </>
  );
}

const tones: Readonly<Record<ScheduledRun['status'], Tone>> = {
  scheduled: 'live',
  fired: 'good',
  cancelled: 'plain',
  failed: 'bad',
};

function Row({ schedule, agent }: { readonly schedule: ScheduledRun; readonly agent: string }) {
  const queries = useQueryClient();
  const mayWrite = useWhyNot('schedule', 'write') === null;
  const [isEditing, setEditing] = useState(false);
  const { id, status, scheduled_for: at, run_id: runId, entity_id: entity } = schedule;
  const cancel = async () => {
    await dataOf(v1.POST('/v1/schedules/{id}/cancel', { params: { path: { id } } }));
    await queries.invalidateQueries({ queryKey: ['schedules'] });
  };
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1.5 px-4 py-2.5 text-[13px]">
      <div className="min-w-0 grow basis-60">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium">{agent}</span>
          <Badge tone={tones[status]}>{status}</Badge>
          {schedule.created_by_run !== null && <Badge>by a run</Badge>}
        </p>
        <p className="break-words text-xs text-muted">
          {fullTime(at)}
          {entity !== null && `, about ${entity}`}
          {schedule.reason && `: ${schedule.reason}`}
          {schedule.additional_instructions && `. ${schedule.additional_instructions}`}
        </p>
      </div>
      {runId !== null && (
        <Link to="/runs/$runId" params={{ runId }} className="text-accent underline">
          its run
        </Link>
      )}
      <span className="w-20 text-right text-xs text-muted">
        <Time at={at} />
      </span>
      {status === 'scheduled' && mayWrite && (
        <span className="flex gap-1">
          <Button
            kind="quiet"
            aria-label={`Edit the run of ${agent}`}
            icon={<Pencil size={14} aria-hidden />}
            onClick={() => setEditing(true)}
          />
          <ConfirmButton
            kind="quiet"
            question="Cancel this scheduled run?"
            explanation={`${agent} does not run at ${fullTime(at)}.`}
            confirmLabel="Cancel it"
            act={cancel}
          >
            Cancel
          </ConfirmButton>
        </span>
      )}
      {isEditing && <ScheduleDialog schedule={schedule} onClose={() => setEditing(false)} />}
    </li>
  );
}
