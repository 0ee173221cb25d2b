import { emptyBody } from '@mianmi/contracts/rest-schemas'
import * as schemas from '@mianmi/contracts/service-schemas'
import type { Introspection } from '@mianmi/core'
import { z } from 'zod'
import { type V1Route, v1Route } from './v1-route.ts'

const none = z.strictObject({})

/** The routes below `/v1`. The HTTP routes, `/openapi.json` and `/docs` are generated from this list. */
export const v1Routes: readonly V1Route[] = [
  v1Route({
    method: 'POST',
    path: '/introspect',
    operationId: 'introspect',
    summary:
      'Whether an access token is valid now (RFC 7662). Any fault of it, and any other token, is `{ "active": false }`.',
    scope: 'introspect',
    params: none,
    query: none,
    body: schemas.introspectionForm,
    data: schemas.introspection,
    described: schemas.introspection,
    reasons: [],
    async run({ services, actor, issuer }, { body }) {
      const found = await services.introspect(actor, body.token)
      return found === null ? { active: false } : { active: true, ...claimsOf(found, issuer) }
    },
  }),
  v1Route({
    method: 'GET',
    path: '/users/:id',
    operationId: 'getUser',
    summary:
      'A user by id. For a user who was merged into another, the other one: compare the `id` of the reply.',
    scope: 'users:read',
    params: schemas.userParams,
    query: none,
    body: emptyBody,
    data: schemas.serviceUser,
    described: schemas.describedUser,
    reasons: ['not_found'],
    run: ({ services, actor }, { params }) => services.viewUser(actor, { userId: params.id }),
  }),
  v1Route({
    method: 'GET',
    path: '/users',
    operationId: 'findUser',
    summary: 'A user by your own id, or by an openid and its app.',
    scope: 'users:read',
    params: none,
    query: schemas.userQuery,
    body: emptyBody,
    data: schemas.serviceUser,
    described: schemas.describedUser,
    reasons: ['not_found'],
    run: ({ services, actor }, { query }) =>
      services.viewUser(actor, 'externalId' in query ? query : { identity: query }),
  }),
  v1Route({
    method: 'PATCH',
    path: '/users/:id',
    operationId: 'changeUser',
    summary: 'Sets or removes your own id, disables (which ends every session) or enables a user.',
    scope: 'users:write',
    params: schemas.userParams,
    query: none,
    body: schemas.userPatch,
    data: schemas.changedUser,
    described: schemas.describedChangedUser,
    reasons: ['not_found', 'account_taken'],
    run: ({ services, actor }, { params, body }) => services.changeUser(actor, params.id, body),
  }),
  v1Route({
    method: 'DELETE',
    path: '/users/:id/sessions',
    operationId: 'endUserSessions',
    summary: 'Ends all sessions of a user.',
    scope: 'sessions:end',
    params: schemas.userParams,
    query: none,
    body: emptyBody,
    data: schemas.endedSessions,
    described: schemas.endedSessions,
    reasons: ['not_found'],
    run: async ({ services, actor }, { params }) => ({
      ended: await services.endUserSessions(actor, params.id),
    }),
  }),
]

const claimsOf = (found: Introspection, issuer: string) => ({
  sub: found.userId,
  client_id: found.appId,
  sid: found.sessionId,
  exp: found.expiresAt / 1000,
  iat: found.issuedAt / 1000,
  iss: issuer,
  aud: found.appId,
  ...(found.externalId === null ? {} : { externalId: found.externalId }),
})
