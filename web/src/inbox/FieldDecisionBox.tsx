import { useQueryClient } from '@tanstack/react-query';
import { Check as Accepted, PenLine, X } from 'lucide-react';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { fieldDecisionQuery } from '../api/work-queries.ts';
import type { FieldDecision, FieldDecisionChoice } from '../api/work-types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { Button } from '../ui/Button.tsx';
import { Check, TextArea, TextField } from '../ui/Field.tsx';
import { JsonView } from '../ui/JsonView.tsx';
import { parseJson } from '../ui/parse-json.ts';
import { Problem } from '../ui/States.tsx';
import { Time } from '../ui/Time.tsx';
import { useShortcuts } from '../ui/use-shortcuts.ts';
import { useSubmit } from '../ui/use-submit.ts';
import { focusOn, inboxKeys } from './shortcuts.ts';

/** Accept, write another value, reject; or what was decided. */
export function FieldDecisionBox({ decision }: { readonly decision: FieldDecision }) {
  const why = useWhyNot('record', 'write');
  if (decision.status !== 'proposed') return <Decided decision={decision} />;
  if (why === null) return <Deciding decision={decision} />;
  return <p className="border-t border-line p-4 text-[13px] text-muted">{why}</p>;
}

function Deciding({ decision }: { readonly decision: FieldDecision }) {
  const queries = useQueryClient();
  const [text, setText] = useState('');
  const [isEmpty, setEmpty] = useState(false);
  const [note, setNote] = useState('');
  const { busy, error, submit } = useSubmit();
  const { id } = decision;
  const isDispatch = decision.purpose === 'dispatch';
  const other = isEmpty ? { value: null, problem: null } : otherValue(decision, text);
  const decide = (choice: FieldDecisionChoice) =>
    void submit(async () => {
      const body = { ...choice, note: note.trim() === '' ? null : note.trim() };
      const decided = await dataOf(
        v1.POST('/v1/field-decisions/{id}/decide', { params: { path: { id } }, body }),
      );
      queries.setQueryData(fieldDecisionQuery(id).queryKey, decided);
      await queries.invalidateQueries({ queryKey: ['field decisions'] });
    });
  useShortcuts([
    { key: inboxKeys.approve[0], act: () => focusOn('approve') },
    { key: inboxKeys.edit[0], act: () => focusOn('edit') },
    { key: inboxKeys.reject[0], act: () => focusOn('reject') },
  ]);
  return (
    <div className="space-y-3 border-t border-line p-4">
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
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
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
      <TextArea
        label="Note"
        rows={2}
        maxLength={10_000}
        value={note}
        hint="Kept with the decision."
        onChange={(event) => setNote(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      />
      <Problem error={error} />
      <div className="flex flex-wrap gap-2">
        <Button
          kind="primary"
          data-key-target="approve"
          busy={busy}
          icon={<Accepted size={14} aria-hidden />}
          onClick={() => decide({ action: 'accept' })}
        >
          Accept
        </Button>
        <Button
          busy={busy}
          why={text === '' && !isEmpty ? 'Write the other value above.' : other.problem}
          icon={<PenLine size={14} aria-hidden />}
          onClick={() => decide({ action: 'override', value: other.value })}
        >
          Write this instead
        </Button>
        <Button
          kind="danger"
          className="ml-auto"
          data-key-target="reject"
          busy={busy}
          icon={<X size={14} aria-hidden />}
          onClick={() => decide({ action: 'reject' })}
        >
          Reject
        </Button>
      </div>
    </div>
  );
}

/** Text stands for itself where the field holds text, or is to. */
function isText({ purpose, current_value: current, proposed_value: proposed }: FieldDecision) {
  return purpose === 'dispatch' || typeof (proposed ?? current ?? '') === 'string';
}

function otherValue(decision: FieldDecision, text: string): ReturnType<typeof parseJson> {
  return isText(decision) ? { value: text, problem: null } : parseJson(text);
}

function Decided({ decision }: { readonly decision: FieldDecision }) {
  const { status, decided_by: by, decided_at: at, note, final_value: final } = decision;
  return (
    <div role="status" className="space-y-2 border-t border-line p-4 text-[13px]">
      <p className="font-medium first-letter:uppercase">
        {status.replaceAll('_', ' ')}
        {by !== null && ` by ${by.name ?? by.id}`}
        {at !== null && (
          <span className="font-normal text-muted">
            , <Time at={at} />
          </span>
        )}
      </p>
      {status === 'overridden' && <JsonView value={final ?? null} label="It was given" />}
      {note && <p className="whitespace-pre-wrap break-words text-muted">{note}</p>}
    </div>
  );
}
