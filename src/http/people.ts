import { z } from 'zod';
import type { AppContext } from '../app/context.ts';
import { changePerson } from '../app/people/change.ts';
import { changeRole } from '../app/people/change-role.ts';
import { createPerson } from '../app/people/create.ts';
import { readPeople, readPerson } from '../app/people/read.ts';
import { changePassword } from '../app/people/set-password.ts';
import * as contract from '../contract/people.ts';
import { callOf, type Api } from './api.ts';
import { answer } from './recorded.ts';

const tags = ['people'];
const params = contract.personPath;

/** `/api/v1/people`: accounts and their standing roles. */
export function registerPeople(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/people',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'List the accounts', response: { 200: contract.people } },
    },
    async () => ({ people: await readPeople(context) }),
  );
  app.get(
    '/api/v1/people/:name',
    {
      config: { access: 'read', resource: 'person' },
      schema: { tags, summary: 'Show an account', params, response: { 200: contract.person } },
    },
    (request) => readPerson(context, request.params.name),
  );
  app.post(
    '/api/v1/people',
    {
      config: { access: 'admin' },
      schema: {
        tags,
        summary: 'Make an account',
        body: contract.newPerson,
        response: { 201: contract.person },
      },
    },
    async (request, reply) =>
      reply.code(201).send(answer(reply, await createPerson(context, callOf(request), request.body))),
  );
  registerPersonChanges(app, context);
}

function registerPersonChanges(app: Api, context: AppContext): void {
  app.patch(
    '/api/v1/people/:name',
    {
      config: { access: 'admin', resource: 'person' },
      schema: {
        tags,
        summary: 'Rename an account, shut it out or let it in, or say whose further account it is',
        params,
        body: contract.personChange,
        response: { 200: contract.person },
      },
    },
    async (request, reply) =>
      answer(reply, await changePerson(context, callOf(request), request.params.name, request.body)),
  );
  app.put(
    '/api/v1/people/:name/password',
    {
      config: { access: 'account' },
      schema: {
        tags,
        summary: 'Set a password: one’s own, or as administrator anybody’s',
        params,
        body: contract.newPassword,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      answer(reply, await changePassword(context, callOf(request), request.params.name, request.body));
      return reply.code(204).send(null);
    },
  );
  for (const held of [true, false]) registerRole(app, context, held);
}

function registerRole(app: Api, context: AppContext, held: boolean): void {
  app.route({
    method: held ? 'PUT' : 'DELETE',
    url: '/api/v1/people/:name/roles/:role',
    config: { access: 'admin', resource: 'person' },
    schema: {
      tags,
      summary: held ? 'Grant a standing role' : 'Take a standing role away',
      params: contract.rolePath,
      response: { 200: contract.person },
    },
    handler: async (request, reply) => {
      const { name, role } = request.params;
      return answer(reply, await changeRole(context, callOf(request), { person: name, role, held }));
    },
  });
}
