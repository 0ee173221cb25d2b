import { expect, test } from 'vitest'
import { groupSettings } from './setting-groups.ts'

const setting = (name: string) => ({ name, value: 'x', secret: false, isDefault: false })

test('each setting is in exactly one group, an unknown one in the group others', () => {
  const groups = groupSettings(['NEW', 'SIGN_UP', 'HOST', 'TICKET_TTL'].map(setting))
  expect(groups.map(({ group, settings }) => [group, settings.map(({ name }) => name)])).toEqual([
    ['service', ['HOST']],
    ['signIn', ['SIGN_UP', 'TICKET_TTL']],
    ['others', ['NEW']],
  ])
})
