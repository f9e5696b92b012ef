import { type ReactNode, useState } from 'react';
import { Button, type ButtonProps } from './Button.tsx';
import { Dialog } from './Dialog.tsx';
import { Problem } from './States.tsx';
import { useSubmit } from './use-submit.ts';

/** A button whose deed is asked about first. */
export function ConfirmButton(
  props: Omit<ButtonProps, 'onClick'> & {
    readonly question: string;
    readonly explanation: ReactNode;
    readonly confirmLabel: string;
    readonly act: () => Promise<unknown>;
  },
) {
  const { question, explanation, confirmLabel, act, ...button } = props;
  const [open, setOpen] = useState(false);
  const { busy, error, submit } = useSubmit();
  const confirm = async () => {
    if (await submit(act)) setOpen(false);
  };
  return (
    <>
      <Button {...button} onClick={() => setOpen(true)} />
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={question}
        actions={
          <>
            <Button onClick={() => setOpen(false)}>Keep it</Button>
            <Button kind="danger" busy={busy} onClick={confirm}>
              {confirmLabel}
            </Button>
          </>
        }
      >
        <div className="text-muted">{explanation}</div>
        <Problem error={error} />
      </Dialog>
    </>
  );
}
