import { getRouteApi } from '@tanstack/react-router';
import { CalendarPlus } from 'lucide-react';
import { useState } from 'react';
import { useWhyNot } from '../shell/rights.ts';
import { Button } from '../ui/Button.tsx';
import { Page } from '../ui/Page.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import { ScheduleDialog } from './ScheduleDialog.tsx';
import { ScheduledRuns } from './ScheduledRuns.tsx';
import { Ticks } from './Ticks.tsx';

const route = getRouteApi('/schedules');

/** What runs by the clock: triggers that tick again and again, and runs that are scheduled once. */
export function SchedulesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const mayWrite = useWhyNot('schedule', 'write') === null;
  const [isAdding, setAdding] = useState(false);
  const add = mayWrite && (
    <Button
      kind="primary"
      icon={<CalendarPlus size={14} aria-hidden />}
      onClick={() => setAdding(true)}
    >
      Schedule a run
    </Button>
  );
  return (
    <Page title="Schedules" actions={add}>
      <Tabs
        label="Kinds of schedules"
        value={search.tab ?? 'ticks'}
        onChange={(tab) => void navigate({ search: { tab }, replace: true })}
        tabs={[
          {
            value: 'ticks',
            label: 'By the clock',
            content: (
              <div className="pt-4">
                <Ticks />
              </div>
            ),
          },
          {
            value: 'once',
            label: 'Scheduled runs',
            content: (
              <div className="pt-4">
                <ScheduledRuns search={search} add={add} />
              </div>
            ),
          },
        ]}
      />
      {isAdding && (
        <ScheduleDialog
          schedule={null}
          onSaved={() => void navigate({ search: { tab: 'once' }, replace: true })}
          onClose={() => setAdding(false)}
        />
      )}
    </Page>
  );
}
