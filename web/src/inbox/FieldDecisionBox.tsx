import { PenLine } from 'lucide-react';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { fieldDecisionQuery } from '../api/work-queries.ts';
import type { FieldDecision, FieldDecisionChoice } from '../api/work-types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { Button } from '../ui/Button.tsx';
import { Check, TextField } from '../ui/Field.tsx';
import { JsonView } from '../ui/JsonView.tsx';
import { parseJson } from '../ui/parse-json.ts';
import { Decided, NotForYou } from './Decided.tsx';
import { ApproveButton, DecisionForm, NoteField, RejectButton } from './DecisionForm.tsx';
import { leaveByEscape } from './shortcuts.ts';
import { useDeed } from './use-deed.ts';

/** Accept, write another value, reject; or what was decided. */
export function FieldDecisionBox({ decision }: { readonly decision: FieldDecision }) {
  const why = useWhyNot('record', 'write');
  if (decision.status !== 'proposed') return <FieldDecided decision={decision} />;
  if (why === null) return <Deciding decision={decision} />;
  return <NotForYou why={why} />;
}

function FieldDecided({ decision }: { readonly decision: FieldDecision }) {
  return (
    <Decided item={decision}>
      {decision.status === 'overridden' && (
        <JsonView value={decision.final_value ?? null} label="It was given" />
      )}
    </Decided>
  );
}

function Deciding({ decision }: { readonly decision: FieldDecision }) {
  const [text, setText] = useState('');
  const [isEmpty, setEmpty] = useState(false);
  const [note, setNote] = useState('');
  const { id } = decision;
  const { busy, error, act } = useDeed(fieldDecisionQuery(id), [['field decisions']]);
  const isDispatch = decision.purpose === 'dispatch';
  const other = isEmpty ? { value: null, problem: null } : otherValue(decision, text);
  const decide = (choice: FieldDecisionChoice) =>
    act(() =>
      dataOf(
        v1.POST('/v1/field-decisions/{id}/decide', {
          params: { path: { id } },
          body: { ...choice, note: note.trim() || null },
        }),
      ),
    );
  return (
    <DecisionForm
      error={error}
      goOn={
        <>
          <ApproveButton busy={busy} onClick={() => decide({ action: 'accept' })}>
            Accept
          </ApproveButton>
          <Button
            busy={busy}
            why={text === '' && !isEmpty ? 'Write the other value above.' : other.problem}
            icon={<PenLine size={14} aria-hidden />}
            onClick={() => decide({ action: 'override', value: other.value })}
          >
            Write this instead
          </Button>
        </>
      }
      end={
        <RejectButton busy={busy} onClick={() => decide({ action: 'reject' })}>
          Reject
        </RejectButton>
      }
    >
      <TextField
        label={isDispatch ? 'Another technician' : 'Another value'}
        data-key-target="edit"
        list={`${id}-options`}
        disabled={isEmpty}
        value={text}
        hint={
          isDispatch
            ? 'What the roster calls them.'
            : isText(decision)
              ? undefined
              : 'As JSON, such as 7, true or "text".'
        }
        problem={text === '' ? null : other.problem}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={leaveByEscape}
      />
      <datalist id={`${id}-options`}>
        {decision.options.map((option) => (
          <option key={option.id} value={isDispatch ? option.id : option.name}>
            {option.name}
          </option>
        ))}
      </datalist>
      <Check
        label={isDispatch ? 'Nobody' : 'No value at all'}
        checked={isEmpty}
        onChange={({ target }) => setEmpty(target.checked)}
      />
      <NoteField label="Note" value={note} hint="Kept with the decision." onChange={setNote} />
    </DecisionForm>
  );
}

/** Text stands for itself where the field holds text, or is to. */
function isText({ purpose, current_value: current, proposed_value: proposed }: FieldDecision) {
  return purpose === 'dispatch' || typeof (proposed ?? current ?? '') === 'string';
}

function otherValue(decision: FieldDecision, text: string): ReturnType<typeof parseJson> {
  return isText(decision) ? { value: text, problem: null } : parseJson(text);
}
