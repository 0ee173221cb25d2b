import { describe } from 'vitest'
import type { MakeStores } from '../stores.ts'
import { exportsConform } from './exports.ts'
import { importedHashesConform } from './imported-hashes.ts'
import { importedIdentitiesConform } from './imported-identities.ts'
import { importsConform } from './imports.ts'
import { presentUsersConform } from './present-users.ts'

export function describeUserTransferStore(make: MakeStores): void {
  describe('the user transfer store', () => {
    describe('importUsers', () => importsConform(make))
    describe('of a user who is there', () => presentUsersConform(make))
    describe('an imported identity', () => importedIdentitiesConform(make))
    describe('exportUsers', () => exportsConform(make))
    describe('nextImportedHash', () => importedHashesConform(make))
  })
}
