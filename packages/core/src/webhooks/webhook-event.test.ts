import { expect, it } from 'vitest'
import {
  changedFields,
  isWebhookEventType,
  usersOfEvent,
  webhookBody,
  webhookEventTypes,
  webhookTestBody,
  webhookTestType,
} from './webhook-event.ts'

const at = 1_800_000_000_000
const timestamp = '2027-01-15T08:00:00.000Z'

it('a body has the form of Standard Webhooks, and nothing but what the event is of', () => {
  const identity = { appId: 'wx1', openid: 'o1', unionid: null }
  const event = { type: 'identity.bound', userId: 'u1', externalId: '42', ...identity } as const
  expect(webhookBody(event, at)).toBe(
    JSON.stringify({
      type: 'identity.bound',
      timestamp,
      data: { userId: 'u1', externalId: '42', ...identity },
    }),
  )
  expect(JSON.parse(webhookTestBody(at))).toEqual({ type: 'webhook.test', timestamp, data: {} })
})

it('a test can be sent and not asked for', () => {
  expect(webhookEventTypes.every(isWebhookEventType)).toBe(true)
  expect(isWebhookEventType(webhookTestType)).toBe(false)
  expect(isWebhookEventType('user.born')).toBe(false)
})

it('an event is of its user, and a merge of both', () => {
  expect(usersOfEvent({ type: 'user.created', userId: 'u1', appId: 'wx1' })).toEqual({
    personId: 'u1',
    userId: 'u1',
  })
  const merge = { userId: 'kept', mergedUserId: 'gone', mergedExternalId: null } as const
  expect(usersOfEvent({ type: 'user.merged', ...merge })).toEqual({
    personId: 'kept',
    userId: 'gone',
  })
})

it('only a field that has another value is changed', () => {
  const before = { account: 'ming', nickname: null, avatarUrl: 'a', externalId: '42' }
  expect(changedFields(before, { ...before })).toEqual([])
  expect(changedFields(before, {})).toEqual([])
  expect(changedFields(before, { externalId: null, nickname: 'Ming', avatarUrl: 'a' })).toEqual([
    'nickname',
    'externalId',
  ])
})
