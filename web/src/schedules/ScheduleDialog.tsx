import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { agentsQuery } from '../api/queries.ts';
import type { ScheduledRun } from '../api/work-types.ts';
import { useSession } from '../shell/workspace.tsx';
import { Select, TextArea, TextField } from '../ui/Field.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';
import { JsonText } from '../ui/JsonText.tsx';
import { localTime } from '../ui/local-time.ts';
import { parseJson } from '../ui/parse-json.ts';

const hourMs = 3_600_000;

/** Schedules a run, or changes one that has not begun. Times are the browser's own. */
export function ScheduleDialog(props: {
  readonly schedule: ScheduledRun | null;
  readonly onSaved?: () => void;
  readonly onClose: () => void;
}) {
  const { schedule, onSaved, onClose } = props;
  const { workspaceId } = useSession();
  const queries = useQueryClient();
  const agents = useQuery(agentsQuery(workspaceId));
  const [agentId, setAgentId] = useState(schedule?.agent_id ?? '');
  const [at, setAt] = useState(
    localTime(schedule?.scheduled_for ?? new Date(Date.now() + hourMs).toISOString()),
  );
  const [entity, setEntity] = useState(schedule?.entity_id ?? '');
  const [more, setMore] = useState(schedule?.additional_instructions ?? '');
  const [payload, setPayload] = useState(
    schedule === null ? '{}' : JSON.stringify(schedule.payload ?? {}, null, 2),
  );
  const read = parseJson(payload);
  const chosen = agentId || agents.data?.[0]?.id || '';
  const save = async () => {
    const body = {
      scheduled_for: new Date(at).toISOString(),
      payload: read.value,
      entity_id: entity.trim() === '' ? null : entity.trim(),
      additional_instructions: more.trim() === '' ? null : more.trim(),
    };
    await (schedule === null
      ? answerOf(
          v1.POST('/v1/schedules', {
            body: { workspace_id: workspaceId, agent_id: chosen, ...body },
          }),
        )
      : answerOf(v1.PATCH('/v1/schedules/{id}', { params: { path: { id: schedule.id } }, body })));
    await queries.invalidateQueries({ queryKey: ['schedules'] });
    onSaved?.();
  };
  const why =
    chosen === ''
      ? 'There is no agent to run.'
      : at === ''
        ? 'Say when.'
        : read.problem !== null
          ? 'The payload is not JSON.'
          : null;
  return (
    <FormDialog
      title={schedule === null ? 'Schedule a run' : 'Change the scheduled run'}
      description="It begins once, then or as soon as a server is there again."
      why={why}
      save={save}
      onClose={onClose}
    >
      {schedule === null && (
        <Select
          label="Agent"
          value={chosen}
          options={(agents.data ?? []).map(({ id, name }) => [id, name])}
          onChange={(event) => setAgentId(event.target.value)}
        />
      )}
      <TextField
        label="At"
        type="datetime-local"
        value={at}
        hint={`In your time zone, ${Intl.DateTimeFormat().resolvedOptions().timeZone}.`}
        onChange={(event) => setAt(event.target.value)}
      />
      <TextField
        label="Entity"
        value={entity}
        hint="What it is about; may be left empty."
        onChange={(event) => setEntity(event.target.value)}
      />
      <TextArea
        label="Instructions for this run alone"
        rows={2}
        value={more}
        onChange={(event) => setMore(event.target.value)}
      />
      <JsonText label="Payload, as JSON" rows={4} value={payload} onChange={setPayload} />
    </FormDialog>
  );
}
