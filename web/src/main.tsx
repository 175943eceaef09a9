import { MantineProvider } from '@mantine/core';
import '@mantine/core/styles.layer.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { pageNonce } from './parts/nonce.ts';
import { router } from './router.tsx';
import { ApiError } from './server/api.ts';
import { askAgainMs } from './server/live.ts';
import './shell/tokens.css';
import './shell/base.css';
import { theme, variables } from './shell/theme.ts';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // A refusal to answer does not become an answer by asking again.
      retry: (failures, error) => !(error instanceof ApiError && error.status < 500) && failures < 2,
      // Nobody signed in: asked again when somebody is.
      refetchInterval: ({ state }) =>
        state.error instanceof ApiError && state.error.status === 401 ? false : askAgainMs(),
      // Whether there is a network is seen by asking.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

const root = document.getElementById('root');
if (!root) throw new Error('expected the element `root` in the page');
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      getStyleNonce={() => pageNonce}
    >
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
