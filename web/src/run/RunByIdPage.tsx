import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Navigate } from '@tanstack/react-router';
import { runByIdQuery } from '../api/queries.ts';
import { Unanswered } from '../ui/Answer.tsx';
import { Card, Page } from '../ui/Page.tsx';

const route = getRouteApi('/runs/$runId');

/** A run that is named by its id alone: on to its page. */
export function RunByIdPage() {
  const { runId } = route.useParams();
  const run = useQuery({ ...runByIdQuery(runId), retry: false });
  if (run.data !== undefined) {
    const params = { agentId: run.data.agent_id, runId: run.data.id };
    return <Navigate to="/runs/$agentId/$runId" params={params} replace />;
  }
  return (
    <Page title="Run">
      <Card>
        <Unanswered query={run} label="Loading the run" />
      </Card>
    </Page>
  );
}
