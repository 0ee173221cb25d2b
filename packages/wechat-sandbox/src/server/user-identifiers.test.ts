import { expect, test } from 'vitest'
import { normalizeUserName, openidOf, phoneOf, unionidOf } from './user-identifiers.ts'

test('identifiers never change, because databases of services contain them', () => {
  expect([
    openidOf('wx6d69616e6d690001', 'ann'),
    openidOf('wx6d69616e6d690002', 'ann'),
    unionidOf('ann'),
    phoneOf('ann'),
  ]).toEqual([
    'odeFoZPvgDBKydACQdE044LegQMd',
    'oRoI-MWFbPCplMGcuJzJkxVgoBRf',
    'oJF0vQSJ182YlVhBXSqo5zlIb0X6',
    '13779600186',
  ])
})

test('identifiers differ between users and kinds', () => {
  const app = 'wx6d69616e6d690001'
  const identifiers = ['ann', 'bob'].flatMap((user) => [openidOf(app, user), unionidOf(user)])
  expect(new Set(identifiers).size).toBe(4)
  for (const identifier of identifiers) expect(identifier).toMatch(/^o[\w-]{27}$/)
})

test('a name is normalized to NFC without surrounding spaces', () => {
  expect(normalizeUserName(' zoe\u0301 ')).toBe('zo\u00e9')
})
