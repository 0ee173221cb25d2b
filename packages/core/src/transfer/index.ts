export {
  decideImport,
  type ImportedField,
  type ImportFindings,
  type ImportOutcome,
  type PresentUser,
  type ValueOwner,
} from './decide-import.ts'
export {
  type ImportedIdentity,
  type ImportedUser,
  type UniqueField,
  type UniqueValue,
  uniqueValuesOf,
} from './imported-user.ts'
export {
  type ExportedUser,
  type ExportRequest,
  type ImportDraft,
  ownHashPrefix,
  type UserTransferStore,
} from './user-transfer-store.ts'
