import { useQuery, useQueryClient } from '@tanstack/react-query';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { toolQuery, toolVersionsQuery } from '../api/queries.ts';
import type { Tool } from '../api/types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { LineDiff } from '../ui/LineDiff.tsx';
import { BringBack, Versions } from '../ui/Versions.tsx';

/** Every version of the code: what it changed, and the way back to it. */
export function ToolVersions({ tool }: { readonly tool: Tool }) {
  const queries = useQueryClient();
  const mayNot = useWhyNot('custom_tool', 'write');
  const versions = useQuery(toolVersionsQuery(tool.id));
  const rollback = async (version: number) => {
    const params = { path: { id: tool.id } };
    const made = await dataOf(
      v1.POST('/v1/custom-tools/{id}/rollback', { params, body: { version } }),
    );
    queries.setQueryData(toolQuery(tool.id).queryKey, made);
    await queries.invalidateQueries({ queryKey: ['tool', tool.id] });
    return made.version;
  };
  return (
    <Versions
      query={versions}
      current={tool.version}
      numberOf={({ version }) => version}
      actions={({ number, choose }) => (
        <BringBack
          why={mayNot ?? (number === tool.version ? 'It is the current one.' : null)}
          question={`Bring the code of version ${number} back?`}
          explanation="It is saved as a new version, so nothing is lost. Limits and rights stay as they are."
          act={async () => choose(await rollback(number))}
        />
      )}
    >
      {({ version, before }) => (
        <LineDiff label="Code" before={before?.code ?? ''} after={version.code} />
      )}
    </Versions>
  );
}
