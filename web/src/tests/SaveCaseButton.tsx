import { useQueryClient } from '@tanstack/react-query';
import { FlaskConical } from 'lucide-react';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import type { Run } from '../api/types.ts';
import { isEnded } from '../runs/status.ts';
import { useWhyNot } from '../shell/rights.ts';
import { Button } from '../ui/Button.tsx';
import { TextField } from '../ui/Field.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';

/** Makes a test case of a run: its payload, its tools’ answers, its outcome and its calls. */
export function SaveCaseButton({ run }: { readonly run: Run }) {
  const why = useWhyNot('test', 'write');
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        icon={<FlaskConical size={14} aria-hidden />}
        why={why ?? (isEnded(run) ? null : 'It has not ended yet.')}
        onClick={() => setOpen(true)}
      >
        Save as test
      </Button>
      {open && <SaveCaseDialog run={run} onClose={() => setOpen(false)} />}
    </>
  );
}

function SaveCaseDialog({ run, onClose }: { readonly run: Run; readonly onClose: () => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [contains, setContains] = useState('');
  const save = async () => {
    const text = contains.trim();
    const expect = {
      ...(run.status === 'failed' && { status: 'failed' }),
      ...(run.disposition && { disposition: [run.disposition] }),
      ...callsOf(run),
      ...(text && { text: [{ contains: text }] }),
    };
    const body = { name: name.trim(), from_run_id: run.id, workspace_id: run.workspace_id };
    // What the server takes from the run is left to it, unless more is expected than that.
    await dataOf(v1.POST('/v1/tests', { body: text ? { ...body, expect } : body }));
    await queries.invalidateQueries({ queryKey: ['tests'] });
  };
  return (
    <FormDialog
      title="Save as a test case"
      description="It is given the same payload, its tools answer as they did, and the same outcome and calls are expected."
      why={name.trim() === '' ? 'It needs a name.' : null}
      save={save}
      onClose={onClose}
    >
      <TextField
        label="Name"
        value={name}
        placeholder="An order that is late"
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label="Its answer contains"
        value={contains}
        placeholder="anything"
        onChange={(event) => setContains(event.target.value)}
      />
    </FormDialog>
  );
}

function callsOf(run: Run) {
  const names = new Set((run.tool_trace ?? []).map((call) => (call as { name: string }).name));
  return names.size === 0 ? {} : { tools_called: [...names].map((tool) => ({ tool })) };
}
