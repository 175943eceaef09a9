import type { AppContext } from '../app/context.ts';
import { endIncident, openIncident, readIncidents } from '../app/incident/incident.ts';
import { layAtDoor } from '../app/incident/cause.ts';
import { changeSeverity, noteOnIncident, readIncident } from '../app/incident/record.ts';
import { valueOf } from '../app/outcome.ts';
import { incidentPath, incidentQuery, incidents, incidentView, newIncident } from '../contract/channel.ts';
import {
  closing,
  incidentCause,
  incidentNote,
  incidentRecord,
  severityChange,
} from '../contract/incidents.ts';
import { callOf, type Api } from './api.ts';

const tags = ['incidents'];

/** `/api/v1/incidents`: while one is active no change starts or goes on. */
export function registerIncidents(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/incidents',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Incidents, the active ones first',
        querystring: incidentQuery,
        response: { 200: incidents },
      },
    },
    (request) => readIncidents(context.db, request.query),
  );
  app.post(
    '/api/v1/incidents',
    {
      config: { access: 'act', uncounted: true },
      schema: {
        tags,
        summary: 'Open an incident: anybody may say that something burns',
        body: newIncident,
        response: { 201: incidentView },
      },
    },
    async (request, reply) =>
      reply.code(201).send(valueOf(await openIncident(context, callOf(request), request.body))),
  );
  app.post(
    '/api/v1/incidents/:id/resolve',
    {
      config: { access: 'person', resource: 'incident' },
      schema: {
        tags,
        summary: 'Resolve an incident, as an EOC or IMOC on duty',
        params: incidentPath,
        body: closing,
        response: { 200: incidentView },
      },
    },
    async (request) => valueOf(await endIncident(context, callOf(request), request.params.id, request.body)),
  );
  registerRecord(app, context);
}

function registerRecord(app: Api, context: AppContext): void {
  const params = incidentPath;
  const response = { 200: incidentRecord };
  app.get(
    '/api/v1/incidents/:id',
    {
      config: { access: 'read', resource: 'incident' },
      schema: { tags, summary: 'An incident and its record', params, response },
    },
    async (request) => readIncident(context.db, request.params.id),
  );
  app.post(
    '/api/v1/incidents/:id/severity',
    {
      config: { access: 'act', uncounted: true, resource: 'incident' },
      schema: {
        tags,
        summary: 'Raise its severity; or lower it, as an EOC or IMOC on duty',
        params,
        body: severityChange,
        response,
      },
    },
    async (request) =>
      valueOf(await changeSeverity(context, callOf(request), request.params.id, request.body)),
  );
  app.post(
    '/api/v1/incidents/:id/notes',
    {
      config: { access: 'act', resource: 'incident' },
      schema: { tags, summary: 'Write into its record', params, body: incidentNote, response },
    },
    async (request) =>
      valueOf(await noteOnIncident(context, callOf(request), request.params.id, request.body)),
  );
  app.post(
    '/api/v1/incidents/:id/cause',
    {
      config: { access: 'person', resource: 'incident' },
      schema: {
        tags,
        summary: 'Lay it at the door of a change that ran, as EOC, IMOC or a reviewer; said once, it stays',
        params,
        body: incidentCause,
        response,
      },
    },
    async (request) => valueOf(await layAtDoor(context, callOf(request), request.params.id, request.body)),
  );
}
