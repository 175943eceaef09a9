import type { AppContext } from '../app/context.ts';
import { applyDirectory, showDirectory } from '../app/identity/directory.ts';
import { appliedDirectory, directoryView } from '../contract/directory.ts';
import { callOf, type Api } from './api.ts';
import { answer } from './recorded.ts';

const tags = ['people'];

/** `/api/v1/directory`: who people are, and the roles that are given by it. */
export function registerDirectory(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/directory',
    {
      config: { access: 'read', resource: 'directory' },
      schema: { tags, summary: 'The directory in force', response: { 200: directoryView } },
    },
    () => showDirectory(context),
  );
  app.put(
    '/api/v1/directory',
    {
      config: { access: 'admin', resource: 'directory' },
      schema: {
        tags,
        summary: 'Apply a directory, whole or not at all',
        body: appliedDirectory,
        response: { 200: directoryView },
      },
    },
    async (request, reply) => answer(reply, await applyDirectory(context, callOf(request), request.body)),
  );
}
