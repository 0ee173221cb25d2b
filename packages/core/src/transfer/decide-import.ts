import { type ImportedUser, type UniqueField, uniqueValuesOf } from './imported-user.ts'

/** A user that is there already, and has something that an imported one is to have. */
export interface PresentUser extends Omit<ImportedUser, 'id' | 'passwordHash' | 'createdAt'> {
  readonly id: string
  readonly role: 'user' | 'admin'
  readonly createdAt: number
}

/** What becomes of one imported user. */
export type ImportOutcome =
  | { readonly status: 'created'; readonly userId: string }
  /** The user was there, with all of these data. */
  | { readonly status: 'unchanged'; readonly userId: string }
  /** The user was there, with other data in these fields. Nothing was changed. */
  | {
      readonly status: 'different'
      readonly userId: string
      readonly fields: readonly ImportedField[]
    }
  /**
   * Another user has this; as `unboundIdentity`, this user has unbound it, and it needs a proof of its own to be bound to
   * any. Nothing was changed.
   */
  | {
      readonly status: 'taken'
      readonly userId: string
      readonly field: UniqueField | 'unboundIdentity'
    }

/** A field that a present user may have with another value. The password is not compared: the user may have changed it. */
export type ImportedField = Exclude<keyof ImportedUser, 'id' | 'passwordHash' | 'phoneProvenAt'>

/** The owner of a unique value. */
export interface ValueOwner {
  readonly field: UniqueField
  readonly user: PresentUser
}

/** What a store finds about an imported user. */
export interface ImportFindings {
  /** In the order of `uniqueValuesOf`. */
  readonly owners: readonly ValueOwner[]
  /** The user from whom one of its identities was unbound; null where none was. */
  readonly unboundFrom: string | null
}

/**
 * Decides about a user of an import, given who has each of the unique values. An import creates users and changes none, so
 * that it may be run again. Null: the user is to be created.
 */
export function decideImport(
  imported: ImportedUser,
  { owners, unboundFrom }: ImportFindings,
): Exclude<ImportOutcome, { status: 'created' }> | null {
  const [first] = owners
  if (first === undefined)
    return unboundFrom === null
      ? null
      : { status: 'taken', userId: unboundFrom, field: 'unboundIdentity' }
  const { user } = first
  const other = owners.find((owner) => owner.user.id !== user.id)
  if (other !== undefined) return { status: 'taken', userId: other.user.id, field: other.field }
  if (user.role === 'admin' || !isSameUser(imported, user, owners.length))
    return { status: 'taken', userId: user.id, field: first.field }
  const fields = differences(imported, user)
  return fields.length === 0
    ? { status: 'unchanged', userId: user.id }
    : { status: 'different', userId: user.id, fields }
}

/**
 * Whether an imported user is the present one, who has `shared` of its unique values. Two different ids, or two different
 * external ids, are two users; otherwise one that both have makes them the same. Next count the openids of the apps in which
 * both have one. An account name or a number alone proves little, because another person may have registered it meanwhile:
 * then the present user must have all unique values of the imported one, and its time of creation, which no user can change.
 */
function isSameUser(imported: ImportedUser, user: PresentUser, shared: number): boolean {
  const ids = [compare(imported.id, user.id), compare(imported.externalId, user.externalId)]
  const openids = imported.identities.map(({ appId, openid }) =>
    compare(openid, user.identities.find((own) => own.appId === appId)?.openid ?? null),
  )
  for (const evidence of [ids, openids]) {
    if (evidence.includes('other')) return false
    if (evidence.includes('same')) return true
  }
  const isSameTime = compare(imported.createdAt, user.createdAt) !== 'other'
  return isSameTime && shared === uniqueValuesOf(imported).length
}

function compare<Value>(one: Value | null, other: Value | null): 'same' | 'other' | 'unknown' {
  if (one === null || other === null) return 'unknown'
  return one === other ? 'same' : 'other'
}

const comparedFields = [
  'externalId',
  'account',
  'phone',
  'nickname',
  'disabledAt',
  'createdAt',
] as const satisfies readonly ImportedField[]

/** What the import does not say is not compared. */
function differences(imported: ImportedUser, user: PresentUser): ImportedField[] {
  const fields: ImportedField[] = comparedFields.filter(
    (field) => imported[field] !== null && imported[field] !== user[field],
  )
  const hasAll = imported.identities.every(({ appId, openid, unionid }) =>
    user.identities.some(
      (own) =>
        own.appId === appId &&
        own.openid === openid &&
        (unionid === null || own.unionid === unionid),
    ),
  )
  return hasAll ? fields : [...fields, 'identities']
}
