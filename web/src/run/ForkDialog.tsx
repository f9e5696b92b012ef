import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { versionQuery } from '../api/queries.ts';
import type { Run, Step } from '../api/types.ts';
import { Check, TextArea, TextField } from '../ui/Field.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';
import { JsonText } from '../ui/JsonText.tsx';
import { parseJson } from '../ui/parse-json.ts';
import { numberOf } from './step-number.ts';

interface ForkProps {
  readonly run: Run;
  readonly steps: readonly Step[];
  readonly from: Step;
  readonly onClose: () => void;
}

/** A new run that goes on from a step, with what is changed here; only what differs is sent. */
export function ForkDialog({ run, from, onClose }: ForkProps) {
  const navigate = useNavigate();
  const version = useQuery({ ...versionQuery(run.agent_id, run.agent_version), retry: false });
  const before = run.instructions ?? version.data?.instructions ?? '';
  const payloadBefore = JSON.stringify(run.payload, null, 2);
  const resultBefore = JSON.stringify(from.output, null, 2);
  const [instructions, setInstructions] = useState<string | null>(null);
  const [model, setModel] = useState(run.model);
  const [payload, setPayload] = useState(payloadBefore);
  const [givesResult, setGivesResult] = useState(false);
  const [result, setResult] = useState(resultBefore);
  const readPayload = parseJson(payload);
  const readResult = parseJson(result);
  const isTool = from.type === 'tool';
  const wrong = readPayload.problem ?? (isTool && givesResult ? readResult.problem : null);
  const fork = async () => {
    const step = numberOf(from);
    const changed = instructions !== null && instructions !== before;
    const made = await dataOf(
      v1.POST('/v1/agents/{id}/runs/{run_id}/fork', {
        params: { path: { id: run.agent_id, run_id: run.id } },
        body: {
          from_step: step,
          ...(changed && { instructions }),
          ...(model !== run.model && { model }),
          ...(payload !== payloadBefore && { payload: readPayload.value }),
          ...(isTool && givesResult && { tool_results: { [step]: readResult.value } }),
        },
      }),
    );
    await navigate({
      to: '/runs/$agentId/$runId',
      params: { agentId: run.agent_id, runId: made.id },
    });
  };
  return (
    <FormDialog
      wide
      title={`Fork from “${from.name || from.type}”`}
      description="The steps before it are taken over as they are. From here on a new run goes on, with what you change."
      saveLabel="Start the fork"
      why={wrong ? 'Some JSON cannot be read.' : null}
      save={fork}
      onClose={onClose}
    >
      {isTool && (
        <div className="space-y-2">
          <Check
            label="Give the tool’s result instead of calling it"
            checked={givesResult}
            onChange={(event) => setGivesResult(event.target.checked)}
          />
          {givesResult && (
            <JsonText label="Result, as JSON" rows={6} value={result} onChange={setResult} />
          )}
        </div>
      )}
      <TextArea
        label="Instructions"
        rows={7}
        value={instructions ?? before}
        onChange={(event) => setInstructions(event.target.value)}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="Model"
          value={model}
          spellCheck={false}
          hint="provider/model"
          onChange={(event) => setModel(event.target.value)}
        />
        <JsonText label="Payload, as JSON" rows={4} value={payload} onChange={setPayload} />
      </div>
    </FormDialog>
  );
}
