import type {
  ExportedUser,
  ExportRequest,
  ImportDraft,
  ImportedUser,
  ImportOutcome,
} from '../../../src/transfer/index.ts'
import { blankImport } from '../../blank-import.ts'
import { now, unique } from '../drafts.ts'
import type { TestedStores } from '../stores.ts'

/** A user with nothing but what is given. */
export const draft = (user: Partial<ImportedUser>): ImportDraft => ({
  user: { ...blankImport, ...user },
  newId: unique('new-user'),
  now,
})

export const fullUser = (): ImportedUser => ({
  id: unique('imported'),
  externalId: unique('external'),
  account: unique('Name'),
  passwordHash: '$2b$10$hash',
  phone: '13900000001',
  phoneProvenAt: now - 5,
  nickname: '小明',
  identities: [
    { appId: 'wx1', openid: unique('openid'), unionid: unique('unionid') },
    { appId: 'wx2', openid: unique('openid'), unionid: null },
  ],
  disabledAt: now - 1,
  createdAt: now - 10,
})

export async function importOne(
  { transfer }: TestedStores,
  user: Partial<ImportedUser>,
): Promise<ImportOutcome> {
  const [outcome] = await transfer.importUsers([draft(user)])
  if (outcome === undefined) throw new Error('each user has an outcome')
  return outcome
}

export async function exported(
  { transfer }: TestedStores,
  request: Partial<ExportRequest> = {},
): Promise<ExportedUser[]> {
  const users: ExportedUser[] = []
  for await (const page of transfer.exportUsers({ pageSize: 10, withPhone: true, ...request }))
    users.push(...page)
  return users
}
