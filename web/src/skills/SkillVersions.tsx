import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { skillQuery, skillVersionQuery, skillVersionsQuery } from '../api/know-queries.ts';
import type { Skill } from '../api/work-types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { Answer } from '../ui/Answer.tsx';
import { Badge } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { ConfirmButton } from '../ui/Confirm.tsx';
import { LineDiff } from '../ui/LineDiff.tsx';
import { Card } from '../ui/Page.tsx';
import { Time } from '../ui/Time.tsx';

/** Earlier versions: what has changed since, and the way back. */
export function SkillVersions({ skill }: { readonly skill: Skill }) {
  const queries = useQueryClient();
  const mayWrite = useWhyNot('skill', 'write') === null;
  const versions = useQuery(skillVersionsQuery(skill.id));
  const [compared, setCompared] = useState<number | null>(null);
  const back = async (version: number) => {
    const params = { path: { id: skill.id } };
    const now = await dataOf(v1.POST('/v1/skills/{id}/rollback', { params, body: { version } }));
    queries.setQueryData(skillQuery(skill.id).queryKey, now);
    await queries.invalidateQueries({ queryKey: ['skills'] });
  };
  return (
    <div className="space-y-4 pt-4">
      <Card>
        <Answer query={versions} label="Loading versions">
          {(data) => (
            <ul className="divide-y divide-line/70">
              {data.map(({ version, description, created_at: at }) => (
                <li
                  key={version}
                  className="flex flex-wrap items-center gap-x-4 gap-y-1.5 px-4 py-2.5 text-[13px]"
                >
                  <span className="flex items-center gap-2 font-medium">
                    Version {version}
                    {version === skill.version && <Badge tone="good">now</Badge>}
                  </span>
                  <span className="line-clamp-1 min-w-0 grow basis-40 break-words text-muted">
                    {description}
                  </span>
                  <span className="text-xs text-muted">
                    <Time at={at} />
                  </span>
                  {version !== skill.version && (
                    <span className="flex gap-1">
                      <Button
                        small
                        aria-pressed={compared === version}
                        onClick={() => setCompared(compared === version ? null : version)}
                      >
                        Compare
                      </Button>
                      {mayWrite && (
                        <ConfirmButton
                          small
                          question={`Bring version ${version} back?`}
                          explanation="Its files become a new version; the ones between stay."
                          confirmLabel="Bring it back"
                          act={() => back(version)}
                        >
                          Bring back
                        </ConfirmButton>
                      )}
                    </span>
                  )}
                </li>
              ))}
            </ul>
          )}
        </Answer>
      </Card>
      {compared !== null && <Difference key={compared} skill={skill} version={compared} />}
    </div>
  );
}

function Difference({ skill, version }: { readonly skill: Skill; readonly version: number }) {
  const before = useQuery(skillVersionQuery(skill.id, version));
  const now = useQuery(skillVersionQuery(skill.id, skill.version));
  const both =
    before.data && now.data ? { before: before.data.files, now: now.data.files } : undefined;
  const retry = () => Promise.all([before.refetch(), now.refetch()]);
  return (
    <Card title={`From version ${version} to ${skill.version}`}>
      <Answer
        query={{ data: both, error: before.error ?? now.error, refetch: retry }}
        label="Loading both versions"
      >
        {(files) => {
          const paths = [...new Set([...files.before, ...files.now].map(({ path }) => path))];
          const text = (of: typeof files.now, path: string) =>
            of.find((file) => file.path === path)?.content ?? '';
          const changed = paths.filter(
            (path) => text(files.before, path) !== text(files.now, path),
          );
          return (
            <div className="space-y-4 p-4">
              {changed.length === 0 && <p className="text-muted">Their files are the same.</p>}
              {changed.map((path) => (
                <LineDiff
                  key={path}
                  label={path}
                  before={text(files.before, path)}
                  after={text(files.now, path)}
                />
              ))}
            </div>
          );
        }}
      </Answer>
    </Card>
  );
}
