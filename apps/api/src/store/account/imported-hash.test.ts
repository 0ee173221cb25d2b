import { ownHashPrefix } from '@mianmi/core/transfer'
import { expect, it } from 'vitest'
import { isImportedHash } from './imported-hash.ts'

it('an imported hash is one that does not begin as those of the service', () => {
  const { length } = ownHashPrefix
  expect(isImportedHash).toBe(`substr(password_hash, 1, ${length}) <> '${ownHashPrefix}'`)
})
