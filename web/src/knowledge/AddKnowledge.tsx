import { useQueryClient } from '@tanstack/react-query';
import { FilePlus, FolderPlus, Globe, Upload } from 'lucide-react';
import { useRef, useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { messageOf } from '../ui/States.tsx';
import { NewNode } from './NewNode.tsx';

const taken = '.md,.markdown,.txt,.html,.htm,.pdf,.docx,.csv';

/** Ways to add: files, a page of one's own, a directory, a web page. */
export function AddKnowledge({ onAdded }: { readonly onAdded: (id: string) => void }) {
  const { workspaceId } = useSession();
  const queries = useQueryClient();
  const mayWrite = useWhyNot('knowledge', 'write') === null;
  const input = useRef<HTMLInputElement>(null);
  const [dialog, setDialog] = useState<'text' | 'directory' | 'web' | null>(null);
  const [progress, setProgress] = useState<string | null>(null);
  const [problems, setProblems] = useState<readonly string[]>([]);
  if (!mayWrite) return null;
  const upload = async (files: readonly File[]) => {
    const refused: string[] = [];
    let last: string | null = null;
    for (const [index, file] of files.entries()) {
      setProgress(`Sending ${index + 1} of ${files.length} …`);
      try {
        const node = await dataOf(
          v1.POST('/v1/kb/files', {
            params: { query: { workspace_id: workspaceId, name: file.name } },
            headers: { 'Content-Type': file.type || 'application/octet-stream' },
            body: '',
            bodySerializer: () => file,
          }),
        );
        last = node.id;
      } catch (error) {
        refused.push(`${file.name}: ${messageOf(error)}`);
      }
      await queries.invalidateQueries({ queryKey: ['knowledge'] });
    }
    setProgress(null);
    setProblems(refused);
    if (last !== null) onAdded(last);
  };
  return (
    <>
      <span role="status" className="text-xs text-muted">
        {progress}
      </span>
      <Button icon={<Globe size={14} aria-hidden />} onClick={() => setDialog('web')}>
        Web page
      </Button>
      <Button icon={<FolderPlus size={14} aria-hidden />} onClick={() => setDialog('directory')}>
        Directory
      </Button>
      <Button icon={<FilePlus size={14} aria-hidden />} onClick={() => setDialog('text')}>
        Write
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={taken}
        aria-label="Files to upload"
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          event.target.value = '';
          if (files.length > 0) void upload(files);
        }}
      />
      <Button
        kind="primary"
        busy={progress !== null}
        icon={<Upload size={14} aria-hidden />}
        onClick={() => input.current?.click()}
      >
        Upload
      </Button>
      {dialog !== null && (
        <NewNode kind={dialog} onAdded={onAdded} onClose={() => setDialog(null)} />
      )}
      <Dialog
        open={problems.length > 0}
        onClose={() => setProblems([])}
        title="Not everything was taken"
      >
        <ul className="list-disc space-y-1 pl-5 text-[13px]">
          {problems.map((problem) => (
            <li key={problem} className="break-words">
              {problem}
            </li>
          ))}
        </ul>
      </Dialog>
    </>
  );
}
