import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { versionsQuery } from '../api/queries.ts';
import type { Agent, TestCase } from '../api/types.ts';
import { useSession } from '../shell/workspace.tsx';
import { Choices } from '../ui/Choices.tsx';
import { commaList } from '../ui/comma-list.ts';
import { TextField } from '../ui/Field.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';
import { Problem } from '../ui/States.tsx';

/** Which cases run on which versions and models, how often, and for how much at most. */
export function StartTestDialog(props: {
  readonly agent: Agent;
  readonly cases: readonly TestCase[];
  readonly onClose: () => void;
}) {
  const { agent, cases, onClose } = props;
  const { workspaceId } = useSession();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const versions = useQuery(versionsQuery(agent.id));
  const [chosen, setChosen] = useState<readonly number[]>([agent.agent_version]);
  const [left, setLeft] = useState<readonly string[]>([]);
  const [models, setModels] = useState('');
  const [repeat, setRepeat] = useState('');
  const [maxCost, setMaxCost] = useState('');
  const caseIds = cases.map(({ id }) => id).filter((id) => !left.includes(id));
  const save = async () => {
    const named = commaList(models);
    const variants = chosen.flatMap((version) =>
      named.length === 0 ? [{ version }] : named.map((model) => ({ version, model })),
    );
    const made = await dataOf(
      v1.POST('/v1/tests/runs', {
        body: {
          agent_id: agent.id,
          workspace_id: workspaceId,
          variants,
          ...(left.length > 0 && { case_ids: caseIds }),
          ...(repeat && { repeat: Number(repeat) }),
          ...(maxCost && { max_cost_usd: Number(maxCost) }),
        },
      }),
    );
    await queries.invalidateQueries({ queryKey: ['test runs'] });
    await navigate({ to: '/tests/$testRunId', params: { testRunId: made.id } });
  };
  return (
    <FormDialog
      title={`Run the tests of ${agent.name}`}
      saveLabel="Run them"
      why={
        caseIds.length === 0
          ? 'No case is chosen.'
          : chosen.length === 0
            ? 'No version is chosen.'
            : null
      }
      save={save}
      onClose={onClose}
    >
      <Choices
        legend="Versions, side by side"
        className="flex max-h-44 flex-wrap gap-x-5 gap-y-1.5 overflow-y-auto"
        options={(versions.data ?? [])
          .slice(0, 40)
          .map((version) => [
            version.agent_version,
            `Version ${version.agent_version}${
              version.agent_version === agent.agent_version
                ? ', live'
                : version.is_candidate
                  ? ', candidate'
                  : ''
            }`,
          ])}
        chosen={chosen}
        onChange={setChosen}
      />
      <Problem error={versions.error} />
      <Choices
        legend="Cases"
        className="max-h-44 space-y-1.5 overflow-y-auto"
        options={cases.map(({ id, name }) => [id, name])}
        chosen={caseIds}
        onChange={(next) => setLeft(cases.flatMap(({ id }) => (next.includes(id) ? [] : [id])))}
      />
      <TextField
        label="Models"
        value={models}
        placeholder="each version’s own"
        spellCheck={false}
        hint="several, with commas in between, stand side by side"
        onChange={(event) => setModels(event.target.value)}
      />
      <div className="grid grid-cols-2 gap-4">
        <TextField
          label="Runs of each case"
          inputMode="numeric"
          value={repeat}
          placeholder="its own"
          onChange={(event) => setRepeat(event.target.value)}
        />
        <TextField
          label="Cost in all at most, $"
          inputMode="decimal"
          value={maxCost}
          placeholder="no limit"
          onChange={(event) => setMaxCost(event.target.value)}
        />
      </div>
    </FormDialog>
  );
}
