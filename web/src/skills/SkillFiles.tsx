import { useQuery, useQueryClient } from '@tanstack/react-query';
import { FileText } from 'lucide-react';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { skillFilesQuery } from '../api/know-queries.ts';
import type { Skill, SkillFile } from '../api/work-types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { Answer } from '../ui/Answer.tsx';
import { Button } from '../ui/Button.tsx';
import { classes } from '../ui/classes.ts';
import { TextArea } from '../ui/Field.tsx';
import { bytes, counted } from '../ui/format.ts';
import { Card } from '../ui/Page.tsx';
import { Problem } from '../ui/States.tsx';
import { useSubmit } from '../ui/use-submit.ts';

/** The files of a skill; those that are text can be edited, each save being a version. */
export function SkillFiles({ skill }: { readonly skill: Skill }) {
  const files = useQuery(skillFilesQuery(skill.id));
  const [path, setPath] = useState('SKILL.md');
  return (
    <div className="pt-4">
      <Answer query={files} label="Loading files">
        {(data) => {
          const file = data.find((each) => each.path === path) ?? data[0];
          return (
            <div className="grid items-start gap-4 lg:grid-cols-[18rem_minmax(0,1fr)]">
              <Card title={counted(data.length, 'file')}>
                <ul className="p-2">
                  {data.map((each) => (
                    <li key={each.id}>
                      <button
                        type="button"
                        aria-current={each === file ? 'true' : undefined}
                        onClick={() => setPath(each.path)}
                        className={classes(
                          'flex w-full items-center gap-2 rounded-md px-2 py-1.5 text-left text-[13px]',
                          each === file ? 'bg-sunken' : 'hover:bg-sunken/70',
                        )}
                      >
                        <FileText size={14} aria-hidden className="shrink-0 text-muted" />
                        <span className="min-w-0 grow truncate font-mono text-xs">{each.path}</span>
                        <span className="text-2xs text-faint">{bytes(each.size_bytes)}</span>
                      </button>
                    </li>
                  ))}
                </ul>
              </Card>
              {file && (
                <OneFile key={`${file.id}.${file.version}`} {...{ skill, file }} files={data} />
              )}
            </div>
          );
        }}
      </Answer>
    </div>
  );
}

function OneFile(props: {
  readonly skill: Skill;
  readonly file: SkillFile;
  readonly files: readonly SkillFile[];
}) {
  const { skill, file, files } = props;
  const queries = useQueryClient();
  const mayWrite = useWhyNot('skill', 'write') === null;
  const [content, setContent] = useState(file.content);
  const { busy, error, submit } = useSubmit();
  const save = () =>
    submit(async () => {
      await dataOf(
        v1.PUT('/v1/skills/{id}/files', {
          params: { path: { id: skill.id } },
          body: {
            // Who saved meanwhile is not overwritten.
            base_hash: skill.hash,
            files: files.map((each) => ({
              path: each.path,
              content: each.id === file.id ? content : each.content,
              encoding: each.encoding,
              executable: each.executable,
            })),
          },
        }),
      );
      await queries.invalidateQueries({ queryKey: ['skills'] });
    });
  return (
    <Card title={<code className="font-mono text-xs">{file.path}</code>}>
      <div className="space-y-3 p-4">
        {file.encoding === 'base64' ? (
          <p className="text-[13px] text-muted">
            It is not text: {bytes(file.size_bytes)}. The export holds it as it is.
          </p>
        ) : (
          <TextArea
            label={`Content of ${file.path}`}
            hideLabel
            rows={22}
            readOnly={!mayWrite}
            spellCheck={false}
            className="font-mono text-xs"
            value={content}
            onChange={(event) => setContent(event.target.value)}
          />
        )}
        <Problem error={error} />
        {mayWrite && file.encoding === 'utf8' && (
          <div className="flex justify-end">
            <Button
              kind="primary"
              busy={busy}
              why={content === file.content ? 'Nothing is changed.' : null}
              onClick={() => void save()}
            >
              Save
            </Button>
          </div>
        )}
      </div>
    </Card>
  );
}
