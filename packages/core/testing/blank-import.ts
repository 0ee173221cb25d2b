import type { ImportedUser } from '../src/transfer/index.ts'

/** A user of an import with nothing, to be spread under what a test gives. */
export const blankImport: ImportedUser = {
  id: null,
  externalId: null,
  account: null,
  passwordHash: null,
  phone: null,
  phoneProvenAt: null,
  nickname: null,
  identities: [],
  disabledAt: null,
  createdAt: null,
}
