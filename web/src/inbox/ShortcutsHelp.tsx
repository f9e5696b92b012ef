import { Dialog } from '../ui/Dialog.tsx';
import { inboxKeys } from './shortcuts.ts';

export function ShortcutsHelp({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title="Keys of the inbox"
      description="They are silent while you write. Ctrl or ⌘ with Enter sends what you wrote."
    >
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-baseline gap-x-4 gap-y-2 text-[13px]">
        {Object.values(inboxKeys).map(([key, label]) => (
          <div key={key} className="contents">
            <dt>
              <kbd className="rounded border border-line bg-sunken px-1.5 py-0.5 font-mono text-xs">
                {key}
              </kbd>
            </dt>
            <dd className="text-muted">{label}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
