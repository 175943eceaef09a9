import { openFromTemplate, readOneTemplate, readTemplates } from '../app/change/template.ts';
import type { AppContext } from '../app/context.ts';
import { valueOf } from '../app/outcome.ts';
import { openedChange } from '../contract/changes.ts';
import { draftFromTemplate, planTemplate, planTemplates, templatePath } from '../contract/templates.ts';
import { callOf, type Api } from './api.ts';

const tags = ['changes'];
const params = templatePath;

/** `/api/v1/templates`: the plans that requests of each criticality begin from. */
export function registerTemplates(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/templates',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'The templates, one a criticality', response: { 200: planTemplates } },
    },
    () => readTemplates(context),
  );
  app.get(
    '/api/v1/templates/:template',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'One template', params, response: { 200: planTemplate } },
    },
    (request) => readOneTemplate(context, request.params.template),
  );
  app.post(
    '/api/v1/templates/:template/draft',
    {
      config: { access: 'prepare' },
      schema: {
        tags,
        summary: 'Open a draft whose plan is this template; its author is whoever calls',
        params,
        body: draftFromTemplate,
        response: { 201: openedChange },
      },
    },
    async (request, reply) => {
      const { template } = request.params;
      return reply
        .code(201)
        .send(valueOf(await openFromTemplate(context, callOf(request), template, request.body)));
    },
  );
}
