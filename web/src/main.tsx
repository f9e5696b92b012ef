import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from '../../client/api-error.ts';
import { onSignedOut } from './api/client.ts';
import { onReturn } from './api/connection.ts';
import { meQuery } from './api/queries.ts';
import { createAppRouter } from './router.tsx';
import { startTheme } from './shell/theme.ts';
import { styleNonce } from './ui/style-nonce.ts';
import './styles.css';

startTheme();
// Where libraries that lock scrolling look for the nonce of the styles they add.
Object.assign(globalThis, { __webpack_nonce__: styleNonce() });

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // What the server refuses it refuses again; while it is away, its return is what counts.
      retry: (times, error) => !(error instanceof ApiError) && times < 2,
    },
  },
});

onReturn(() => void queries.invalidateQueries());
// Whoever was signed in and is not any more sees the way in, on the page where they were.
onSignedOut(() => {
  if (queries.getQueryData(meQuery.queryKey) === undefined) return;
  void queries.resetQueries({ queryKey: meQuery.queryKey });
});

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no place for the dashboard.');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={createAppRouter(queries)} />
    </QueryClientProvider>
  </StrictMode>,
);
