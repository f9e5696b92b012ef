import { Button } from './Button.tsx';
import { CopyButton } from './CopyButton.tsx';
import { Dialog } from './Dialog.tsx';

/** A secret that the server tells this once. */
export function ShownOnce(props: {
  readonly title: string;
  readonly description?: string;
  readonly secret: string;
  readonly onClose: () => void;
}) {
  const { title, description = 'It is shown only this once.', secret, onClose } = props;
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      description={description}
      actions={
        <Button kind="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <p className="flex items-center gap-1 rounded-md border border-line bg-sunken py-1 pl-3 pr-1">
        <code className="min-w-0 grow break-all font-mono text-xs">{secret}</code>
        <CopyButton text={() => secret} label="Copy it" />
      </p>
    </Dialog>
  );
}
