import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { skillQuery } from '../api/know-queries.ts';
import type { Skill } from '../api/work-types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { Answer } from '../ui/Answer.tsx';
import { Badge } from '../ui/Badge.tsx';
import { DeleteButton } from '../ui/DeleteButton.tsx';
import { Card, Page } from '../ui/Page.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import { SkillEditor } from './SkillEditor.tsx';
import { SkillFiles } from './SkillFiles.tsx';
import { SkillVersions } from './SkillVersions.tsx';

const route = getRouteApi('/skills/$skillId');
const trail = (
  <Link to="/skills" className="hover:underline">
    Skills
  </Link>
);

export function SkillPage() {
  const { skillId } = route.useParams();
  const skill = useQuery(skillQuery(skillId));
  if (skill.data !== undefined) return <Shown key={skillId} skill={skill.data} />;
  return (
    <Page title="Skill" above={trail}>
      <Card>
        <Answer query={skill} label="Loading the skill">
          {() => null}
        </Answer>
      </Card>
    </Page>
  );
}

function Shown({ skill }: { readonly skill: Skill }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <Page
      title={skill.display_name ?? skill.name}
      above={trail}
      badge={
        <span className="flex gap-1.5">
          <Badge>version {skill.version}</Badge>
          {!skill.enabled && <Badge tone="warn">disabled</Badge>}
        </span>
      }
      actions={<Actions skill={skill} />}
    >
      <Tabs
        label="Views of the skill"
        value={search.tab ?? 'skill'}
        onChange={(tab) => void navigate({ search: { tab }, replace: true })}
        tabs={[
          { value: 'skill', label: 'Skill', content: <SkillEditor skill={skill} /> },
          { value: 'files', label: 'Files', content: <SkillFiles skill={skill} /> },
          { value: 'versions', label: 'Versions', content: <SkillVersions skill={skill} /> },
        ]}
      />
    </Page>
  );
}

function Actions({ skill }: { readonly skill: Skill }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const mayWrite = useWhyNot('skill', 'write') === null;
  const remove = async () => {
    await dataOf(v1.DELETE('/v1/skills/{id}', { params: { path: { id: skill.id } } }));
    await navigate({ to: '/skills' });
    await queries.invalidateQueries({ queryKey: ['skills'] });
  };
  return (
    <>
      <a
        href={`/v1/skills/${encodeURIComponent(skill.id)}/export`}
        download={`${skill.name}.zip`}
        className="inline-flex h-8 items-center gap-1.5 rounded-md border border-line bg-surface px-2.5 text-[13px] font-medium hover:border-strong hover:bg-sunken"
      >
        <Download size={14} aria-hidden />
        Export
      </a>
      {mayWrite && (
        <DeleteButton
          name={skill.name}
          why={null}
          explanation="Agents lose it. Runs that began with it keep it."
          act={remove}
        />
      )}
    </>
  );
}
