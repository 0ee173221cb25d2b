import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { adminRouter } from '../src/admin/index.ts'
import { appRouter } from '../src/index.ts'
import * as rest from '../src/schemas/rest-schemas.ts'
import * as services from '../src/schemas/service-schemas.ts'

const byCode = { appId: 'wx1', code: 'c' }
const byTicket = { ticket: 't' }
const byPassword = { type: 'password', account: 'ming', password: 'correct horse' }
const byPhone = { type: 'phone', code: 'p' }
const person = { userId: 'u' }
const identity = { userId: 'u', appId: 'wx1' }
const merge = { unionid: 'x', firstUserId: 'a', secondUserId: 'b', keepUserId: 'a' }
const filter = {
  from: '2026-01-01T00:00:00Z',
  to: '2026-01-02T00:00:00Z',
  action: 'bind',
  kind: 'change',
  outcome: 'ok',
  userId: 'u',
  operatorId: 'o',
}

/** At least one accepted input for each procedure that takes one; every object in it is checked. */
const inputs: Readonly<Record<string, readonly object[]>> = {
  miniLogin: [byCode],
  bind: [
    { proof: byTicket, credential: byPassword },
    { proof: byCode, credential: byPhone },
  ],
  register: [
    { proof: byTicket, account: 'ming', password: 'correct horse' },
    { proof: byCode, account: 'ming', password: 'correct horse' },
  ],
  'session.refresh': [{ refreshToken: 'r' }],
  'session.revoke': [{ sessionId: 's' }],
  'identity.unbind': [{ appId: 'wx1', everywhere: true }],
  'account.updateProfile': [{ nickname: 'Ming', avatarUrl: 'https://a.example/1.png' }],
  'account.setAvatar': [{ image: 'AAAA' }],
  'account.changePassword': [
    { currentPassword: 'old', newPassword: 'correct horse' },
    { code: 'c', newPassword: 'correct horse', account: 'ming' },
  ],
  'account.bindPhone': [{ code: 'p' }],
  'account.delete': [{ confirm: true, code: 'c' }],
  'openData.decrypt': [{ encryptedData: 'e', iv: 'i' }],
}

const adminInputs: typeof inputs = {
  'account.signIn': [{ account: 'ops', password: 'p' }],
  'account.enrol': [{ enrolmentCode: 'ABCD-EFGH' }],
  'account.proveCode': [{ code: '000000' }],
  'account.renewRecoveryCodes': [{ code: '000000' }],
  'account.changePassword': [
    { currentPassword: 'old', newPassword: 'correct horse', code: '000000' },
  ],
  overview: [{ days: 7 }, { from: '2026-11-01', to: '2026-11-22' }],
  'people.list': [
    { search: 'a', status: 'active', role: 'user', appId: 'wx1', cursor: 'c', limit: 5 },
    { status: 'active', role: 'user', appId: 'wx1', sort: 'oldest' },
    { sort: 'account' },
  ],
  'people.export': [
    { search: 'a', status: 'active', role: 'user', appId: 'wx1', cursor: 'c', limit: 5 },
  ],
  'people.exportPhones': [
    { search: 'a', status: 'active', role: 'user', appId: 'wx1', cursor: 'c', limit: 5 },
  ],
  'people.previewBulk': [{ action: 'disable', userIds: ['u'] }],
  'people.bulk': [{ action: 'disable', userIds: ['u'], reason: 'spam' }],
  'people.addNote': [{ ...person, text: 'called' }],
  'people.removeNote': [{ ...person, noteId: 'n' }],
  'people.view': [person],
  'people.disable': [person],
  'people.enable': [person],
  'people.endSessions': [{ ...person, sessionId: 's' }],
  'people.unbind': [{ ...identity, everywhere: true }],
  'people.resetSessionKey': [identity],
  'people.remove': [{ ...person, confirm: 'ming' }],
  'people.revealPhone': [person],
  'people.clearPassword': [person],
  'people.clearPhone': [person],
  'administrators.add': [{ account: 'ops', password: 'correct horse', code: '000000' }],
  'administrators.remove': [{ ...person, code: '000000' }],
  'administrators.resetFactor': [{ ...person, code: '000000' }],
  'conflicts.list': [{ cursor: 'c', limit: 5 }],
  'conflicts.preview': [merge],
  'conflicts.merge': [merge],
  'conflicts.undo': [{ mergeId: 'm' }],
  'audit.list': [{ ...filter, cursor: 'c', limit: 5 }],
  'audit.count': [filter],
  'apps.test': [{ appId: 'wx1' }],
  'serviceKeys.create': [{ name: 'pay', scopes: ['users:read'], code: '000000' }],
  'serviceKeys.rotate': [{ keyId: 'key-1', overlapHours: 2, code: '000000' }],
  'serviceKeys.revoke': [{ keyId: 'key-1' }],
  'webhooks.create': [{ url: 'https://a.example/', events: ['user.created'], code: '000000' }],
  'webhooks.update': [
    {
      ...{ webhookId: 'webhook-1', url: 'https://a.example/', events: ['user.created'] },
      ...{ enabled: false, code: '000000' },
    },
  ],
  'webhooks.rotateSecret': [{ webhookId: 'webhook-1', overlapHours: 2, code: '000000' }],
  'webhooks.remove': [{ webhookId: 'webhook-1' }],
  'webhooks.test': [{ webhookId: 'webhook-1' }],
  'webhooks.deliveries': [{ webhookId: 'webhook-1', cursor: 'x', limit: 1 }],
  'webhooks.replay': [{ deliveryId: '1' }, { webhookId: 'webhook-1' }],
  'webhooks.discard': [{ deliveryId: '1' }, { webhookId: 'webhook-1' }],
}

const serviceInputs: typeof inputs = {
  userParams: [{ id: 'u' }],
  userQuery: [{ externalId: 'e-1' }, { appId: 'wx1', openid: 'o' }],
  userPatch: [{ externalId: 'e-1', disabled: true }],
}

const bodies: typeof inputs = {
  miniLoginBody: [byCode, { code: 'c' }],
  bindBody: [
    { ticket: 't', account: 'ming', password: 'p' },
    { ticket: 't', phoneCode: 'p' },
    { ...byCode, account: 'ming', password: 'p' },
    { ...byCode, phoneCode: 'p' },
  ],
  refreshBody: [{ refreshToken: 'r' }],
  emptyBody: [{}],
}

type Schemas = Readonly<Record<string, z.ZodType>>

function inputsOf(procedures: object): Schemas {
  const found = Object.entries(procedures as Record<string, { _def: { inputs: z.ZodType[] } }>)
  return Object.fromEntries(
    found.flatMap(([path, { _def }]) => _def.inputs.map((input) => [path, input])),
  )
}

const bodySchemas: Schemas = Object.fromEntries(
  Object.entries(rest).filter(([name]) => /body$/i.test(name)),
) as Schemas

const serviceSchemas: Schemas = {
  userParams: services.userParams,
  userQuery: services.userQuery,
  userPatch: services.userPatch,
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** The input with U+0000 in a text, once for each text in it and each place there. */
function withNul(input: object): object[] {
  return Object.entries(input).flatMap(([key, value]) => {
    const change = (changed: unknown) => ({ ...input, [key]: changed })
    if (isObject(value)) return withNul(value).map(change)
    if (typeof value !== 'string') return []
    const last = value.length - 1
    const inside = `${value.slice(0, last)}\u0000${value.slice(last)}`
    return [`\u0000${value}`, inside, `${value}\u0000`].map(change)
  })
}

/** The keys of every object in the schema. */
function keysOf(schema: z.core.$ZodType): string[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(keysOf)
  if (schema instanceof z.ZodOptional) return keysOf(schema.unwrap())
  if (!(schema instanceof z.ZodObject)) return []
  return Object.entries(schema.shape).flatMap(([key, part]) => [key, ...keysOf(part)])
}

const keysIn = (input: object): string[] =>
  Object.entries(input).flatMap(([key, value]) => [
    ...(Array.isArray(input) ? [] : [key]),
    ...(isObject(value) ? keysIn(value) : []),
  ])

/** The input with an unknown key, once for each object in it. */
function withUnknownKey(input: object): object[] {
  const inside = Object.entries(input).flatMap(([key, value]) =>
    isObject(value) ? withUnknownKey(value).map((changed) => ({ ...input, [key]: changed })) : [],
  )
  return [{ ...input, unknown: 1 }, ...inside]
}

describe.each([
  ['the mini program', inputsOf(appRouter._def.procedures), inputs],
  ['the admin console', inputsOf(adminRouter._def.procedures), adminInputs],
  ['plain HTTP', bodySchemas, bodies],
  ['other services', serviceSchemas, serviceInputs],
])('the inputs of %s', (_client, schemas, samples) => {
  it('have a sample each', () => {
    expect(Object.keys(samples).sort()).toEqual(Object.keys(schemas).sort())
  })

  it.each(Object.entries(schemas))('%s refuses an unknown key in every object', (name, schema) => {
    for (const sample of samples[name] ?? []) {
      expect(schema.safeParse(sample).error?.issues, JSON.stringify(sample)).toBeUndefined()
      for (const changed of withUnknownKey(sample))
        expect(schema.safeParse(changed).success, JSON.stringify(changed)).toBe(false)
    }
  })

  it.each(Object.entries(schemas))('%s refuses U+0000 in every text', (name, schema) => {
    const accepted = samples[name] ?? []
    expect(new Set(accepted.flatMap(keysIn))).toEqual(new Set(keysOf(schema)))
    for (const changed of accepted.flatMap(withNul))
      expect(schema.safeParse(changed).success, JSON.stringify(changed)).toBe(false)
  })
})

it('the form of an introspection takes any token, and drops parameters that it does not know (RFC 6749 §3.2)', () => {
  const form = { token: '\u0000t', token_type_hint: 'access_token', client_secret: 'mk_1' }
  expect(services.introspectionForm.parse({ ...form, resource: 'x' })).toEqual(form)
  for (const refused of [{}, { token: '' }, { ...form, client_secret: '\u0000' }])
    expect(services.introspectionForm.safeParse(refused).success).toBe(false)
})
