// @vitest-environment jsdom
import { expect, test } from 'vitest'
import type { AdminOutput } from '../../../service/trpc-client.ts'
import { mergesText } from '../text.ts'
import { mergeEffects } from './merge-effects.ts'

const person = {
  id: 'u1',
  account: null,
  phone: null,
  nickname: null,
  avatarUrl: null,
  role: 'user' as const,
  createdAt: '2026-11-01T00:00:00.000Z',
  disabledAt: null,
  externalId: null,
  lastSeenAt: null,
  appIds: ['wx1'],
}
const identity = {
  appId: 'wx2',
  openid: 'o2',
  unionid: 'union',
  boundAt: person.createdAt,
  boundBy: 'register',
  lastSeenAt: person.createdAt,
  device: null,
} as const
const nothing = { identities: [], account: null, phone: null, nickname: null, externalId: null }
const preview = {
  kept: person,
  gone: { ...person, id: 'u2' },
  moves: { ...nothing, password: false, avatarUrl: null },
  stays: nothing,
  endedSessions: 0,
} satisfies AdminOutput['conflicts']['preview']

const appName = (appId: string) => ({ wx1: 'Shop' })[appId] ?? appId

test('everything that moves is listed, the account with its password', () => {
  const { moves, ends } = mergeEffects(
    {
      ...preview,
      gone: { ...preview.gone, account: 'li', externalId: 'e-1', appIds: ['wx2'] },
      moves: {
        ...preview.moves,
        identities: [identity],
        account: 'li',
        password: true,
        externalId: 'e-1',
      },
    },
    mergesText.en,
    appName,
  )
  expect(moves).toEqual([
    'WeChat identity o2 in wx2',
    'Account li with its password',
    'External ID e-1',
  ])
  expect(ends).toEqual(['li is no longer listed and is deleted after 24 hours'])
})

test('a password is listed with what moves together with it, or alone', () => {
  const movesOf = (phone: string | null) =>
    mergeEffects(
      { ...preview, moves: { ...preview.moves, password: true, phone } },
      mergesText.en,
      appName,
    ).moves
  expect(movesOf('138****8000')).toEqual(['Phone number 138****8000 with its password'])
  expect(movesOf(null)).toEqual(['Password'])
})

test('what neither moves nor stays is listed as ending', () => {
  const { ends } = mergeEffects(
    {
      ...preview,
      gone: { ...preview.gone, account: 'li', phone: '138****8000', externalId: 'e-2' },
      stays: { ...nothing, account: 'wang', phone: '139****9000', externalId: 'e-1' },
      endedSessions: 1,
    },
    mergesText.en,
    appName,
  )
  expect(ends).toEqual([
    '1 session is revoked; the mini programs sign in again automatically',
    'Account li can no longer sign in',
    'Phone number 138****8000 no longer belongs to a user',
    'External ID e-2 finds the kept user for 24 hours, and nobody after that',
    'The other WeChat identity in Shop can no longer sign in',
    'li is no longer listed and is deleted after 24 hours',
  ])
})
