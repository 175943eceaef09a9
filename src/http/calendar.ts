import type { AppContext } from '../app/context.ts';
import { readCalendar, readDays } from '../app/calendar/read.ts';
import { previewSlot } from '../app/calendar/slot-report.ts';
import { ownWorkday, setOwnWorkday } from '../app/calendar/workday.ts';
import { valueOf } from '../app/outcome.ts';
import {
  calendar,
  calendarDays,
  calendarDaysQuery,
  calendarQuery,
  slotAnswer,
} from '../contract/calendar.ts';
import { changePath, slotPreview } from '../contract/changes.ts';
import * as contract from '../contract/workday.ts';
import { callOf, type Api } from './api.ts';

const tags = ['calendar'];

/** `/api/v1/calendar`, and what is asked before a slot is chosen. */
export function registerCalendar(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/calendar',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Slots, locks, allowed hours and shifts of a span of time',
        querystring: calendarQuery,
        response: { 200: calendar },
      },
    },
    (request) => readCalendar(context, request.query),
  );
  app.get(
    '/api/v1/calendar/days',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Of each day its first few slots and how many there are, with locks and allowed hours',
        querystring: calendarDaysQuery,
        response: { 200: calendarDays },
      },
    },
    (request) => readDays(context, request.query),
  );
  app.post(
    '/api/v1/changes/:id/slot-preview',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'What there is to know of a slot before it is asked for; nothing is changed by it',
        params: changePath,
        body: slotPreview,
        response: { 200: slotAnswer },
      },
    },
    (request) => previewSlot(context, callOf(request), request.params.id, request.body.slot),
  );
  registerWorkday(app, context);
}

function registerWorkday(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/me/workday',
    {
      config: { access: 'read', resource: 'workday' },
      schema: { tags, summary: 'When the caller works', response: { 200: contract.ownWorkday } },
    },
    (request) => ownWorkday(context, callOf(request)),
  );
  app.put(
    '/api/v1/me/workday',
    {
      config: { access: 'person', resource: 'workday' },
      schema: {
        tags,
        summary: 'Set when the caller works: a hint where a slot of theirs is chosen',
        body: contract.workday,
        response: { 200: contract.workday },
      },
    },
    async (request) => valueOf(await setOwnWorkday(context, callOf(request), request.body)),
  );
}
