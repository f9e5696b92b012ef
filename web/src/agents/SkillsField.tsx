import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { namesOfSkillsQuery } from '../api/queries.ts';
import { useSession } from '../shell/workspace.tsx';
import { Check } from '../ui/Field.tsx';
import { Card } from '../ui/Page.tsx';
import { Loading, Problem } from '../ui/States.tsx';

/** Which skills the agent may open when it needs them. */
export function SkillsField(props: {
  readonly value: readonly string[];
  readonly onChange: (value: readonly string[]) => void;
}) {
  const { value, onChange } = props;
  const { workspaceId } = useSession();
  const skills = useQuery(namesOfSkillsQuery(workspaceId));
  const known = skills.data ?? [];
  const others = value.filter((id) => !known.some((skill) => skill.id === id));
  const toggle = (id: string, on: boolean) =>
    onChange(on ? [...value, id] : value.filter((each) => each !== id));
  return (
    <Card title="Skills">
      {skills.isPending ? (
        <Loading label="Loading skills" />
      ) : (
        <div className="max-h-72 space-y-3 overflow-y-auto p-4">
          <Problem error={skills.error} />
          {known.length + others.length === 0 && (
            <p className="text-[13px] text-faint">
              There is no skill yet.{' '}
              <Link to="/skills" className="text-accent underline">
                Write one
              </Link>
            </p>
          )}
          {known.map((skill) => (
            <Check
              key={skill.id}
              label={skill.display_name || skill.name}
              hint={skill.enabled ? skill.description : `disabled: ${skill.description}`}
              checked={value.includes(skill.id)}
              onChange={(event) => toggle(skill.id, event.target.checked)}
            />
          ))}
          {others.map((id) => (
            <Check
              key={id}
              label={id}
              hint="not one of this workspace’s"
              checked
              onChange={() => toggle(id, false)}
            />
          ))}
        </div>
      )}
    </Card>
  );
}
