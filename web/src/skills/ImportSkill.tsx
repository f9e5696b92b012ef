import { useState } from 'react';
import { Check } from '../ui/Field.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';
import { bytes } from '../ui/format.ts';

export function ImportSkill(props: {
  readonly archive: File;
  readonly send: (archive: File, replace: boolean) => Promise<void>;
  readonly onClose: () => void;
}) {
  const { archive, send, onClose } = props;
  const [replace, setReplace] = useState(false);
  return (
    <FormDialog
      title="Import a skill"
      description={`${archive.name}, ${bytes(archive.size)}`}
      saveLabel="Import"
      why={null}
      save={() => send(archive, replace)}
      onClose={onClose}
    >
      <p className="text-[13px] text-muted">
        Agents that are given a skill follow its words and can run its scripts in their sandbox.
        Import what you trust.
      </p>
      <Check
        label="Replace the skill of the same name"
        hint="As a new version of it. Without, a name that is taken is refused."
        checked={replace}
        onChange={(event) => setReplace(event.target.checked)}
      />
    </FormDialog>
  );
}
