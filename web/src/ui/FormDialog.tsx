import type { ReactNode } from 'react';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';
import { Problem } from './States.tsx';
import { useSubmit } from './use-submit.ts';

/** Fields that are saved or left. It closes when they are saved; what was wrong is said below them. */
export function FormDialog(props: {
  readonly title: string;
  readonly description?: ReactNode;
  readonly saveLabel?: string;
  readonly wide?: boolean;
  /** Why it cannot be saved as it is. */
  readonly why: string | null;
  readonly save: () => Promise<unknown>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const { title, description, saveLabel = 'Save', wide = false, why, save, onClose } = props;
  const { busy, error, submit } = useSubmit();
  const send = async () => {
    if (why === null && (await submit(save))) onClose();
  };
  return (
    <Dialog
      open
      wide={wide}
      onClose={onClose}
      title={title}
      description={description}
      actions={
        <>
          <Button onClick={onClose}>Leave it</Button>
          <Button kind="primary" busy={busy} why={why} onClick={() => void send()}>
            {saveLabel}
          </Button>
        </>
      }
    >
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        {props.children}
        <button type="submit" hidden tabIndex={-1} aria-hidden>
          {saveLabel}
        </button>
      </form>
      <Problem error={error} />
    </Dialog>
  );
}
