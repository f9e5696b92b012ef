import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { FileUp, GraduationCap, Plus } from 'lucide-react';
import { useRef, useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { skillsQuery } from '../api/know-queries.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Answer } from '../ui/Answer.tsx';
import { Badge } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { Card, Page } from '../ui/Page.tsx';
import { Empty } from '../ui/States.tsx';
import { Time } from '../ui/Time.tsx';
import { ImportSkill } from './ImportSkill.tsx';
import { NewSkill } from './NewSkill.tsx';

/** What agents can be taught: instructions with files, loaded when a run needs them. */
export function SkillsPage() {
  const { workspaceId } = useSession();
  const mayWrite = useWhyNot('skill', 'write') === null;
  const skills = useQuery(skillsQuery(workspaceId));
  const [isAdding, setAdding] = useState(false);
  const add = mayWrite && (
    <Button kind="primary" icon={<Plus size={14} aria-hidden />} onClick={() => setAdding(true)}>
      New skill
    </Button>
  );
  return (
    <Page
      title="Skills"
      actions={
        <>
          {mayWrite && <Import />}
          {add}
        </>
      }
    >
      <Card>
        <Answer query={skills} label="Loading skills">
          {(data) =>
            data.length === 0 ? (
              <Empty icon={<GraduationCap aria-hidden />} title="No skill yet" action={add}>
                A skill is a folder with a SKILL.md: what to do, and when. Write one here, or import
                the ZIP archive of one that you have.
              </Empty>
            ) : (
              <ul className="divide-y divide-line/70">
                {data.map((skill) => (
                  <li key={skill.id}>
                    <Link
                      to="/skills/$skillId"
                      params={{ skillId: skill.id }}
                      className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 text-[13px] -outline-offset-2 hover:bg-sunken"
                    >
                      <span className="min-w-0 grow basis-60">
                        <span className="block truncate font-medium">
                          {skill.display_name ?? skill.name}
                        </span>
                        <span className="line-clamp-1 break-words text-xs text-muted">
                          {skill.description}
                        </span>
                      </span>
                      <span className="flex flex-wrap gap-1.5">
                        {!skill.enabled && <Badge tone="warn">disabled</Badge>}
                        {skill.tags?.map((tag) => (
                          <Badge key={tag}>{tag}</Badge>
                        ))}
                        <Badge>version {skill.version}</Badge>
                      </span>
                      <span className="w-20 text-right text-xs text-muted">
                        <Time at={skill.updated_at} />
                      </span>
                    </Link>
                  </li>
                ))}
              </ul>
            )
          }
        </Answer>
      </Card>
      {isAdding && <NewSkill onClose={() => setAdding(false)} />}
    </Page>
  );
}

function Import() {
  const { workspaceId } = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const [archive, setArchive] = useState<File | null>(null);
  const send = async (file: File, replace: boolean) => {
    const skill = await dataOf(
      v1.POST('/v1/skills/import', {
        params: { query: { workspace_id: workspaceId, ...(replace ? { replace: 'true' } : {}) } },
        headers: { 'Content-Type': 'application/zip' },
        body: { files: [] },
        bodySerializer: () => file,
      }),
    );
    await queries.invalidateQueries({ queryKey: ['skills'] });
    await navigate({ to: '/skills/$skillId', params: { skillId: skill.id } });
  };
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        accept=".zip"
        aria-label="Archive to import"
        onChange={(event) => {
          setArchive(event.target.files?.[0] ?? null);
          event.target.value = '';
        }}
      />
      <Button icon={<FileUp size={14} aria-hidden />} onClick={() => input.current?.click()}>
        Import
      </Button>
      {archive !== null && (
        <ImportSkill archive={archive} send={send} onClose={() => setArchive(null)} />
      )}
    </>
  );
}
