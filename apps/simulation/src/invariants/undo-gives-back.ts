import type { ModelUser } from '../oracle/model.ts'
import type { World } from '../world/world.ts'
import type { Invariant } from './invariant.ts'

const parts = ['account', 'phone', 'nickname', 'passwordHash'] as const
type Part = (typeof parts)[number]
type Values = Readonly<Record<Part, string | null>>

/** What a merge has moved from one user to the other. */
interface MovedThings {
  readonly keptId: string
  readonly goneId: string
  /** Null where nothing of the kind moved. */
  readonly values: Values
  readonly wasDisabled: boolean
  /** The identities whose unbinding moved, with when they were unbound. */
  readonly unbindings: ReadonlyMap<string, number>
  /** Conflicts of the user who went, which the merge closed. */
  readonly conflicts: readonly Conflict[]
}

interface Conflict {
  readonly unionid: string
  readonly firstUserId: string
  readonly secondUserId: string
}

const valuesOf = ({ account, phone, nickname, passwordHash }: Values): Values => ({
  ...{ account, phone, nickname, passwordHash },
})

/** A store keeps what is still as it was, and an undo runs against what changed since: the interface's sentence on `conflicts.undo`. */
export const undoGivesBack: Invariant = {
  name: 'undo-gives-back',
  sentence:
    'The undo of a merge gives back each name, number, password, unbinding and conflict that it moved and that is still as it put it; what was changed since stays.',
  sees: 'before',
  watch(world, fail) {
    const merges = new Map<string, MovedThings>()
    let open: readonly Conflict[] = []
    return {
      committed({ name, args, result }) {
        const { state } = world.store
        if (name === 'merges.merge' && typeof result !== 'string') {
          const { id, kept, gone } = result as Record<'kept' | 'gone', { id: string }> & {
            id: string
          }
          const moved = movedThings(world, { keptId: kept.id, goneId: gone.id }, open)
          if (moved !== null) merges.set(id, moved)
        }
        const moved =
          name === 'merges.undo' && result === 'undone' ? merges.get(String(args[0])) : undefined
        const merge = state.merges.get(String(args[0]))
        const { now } = (args[1] ?? {}) as { now?: number }
        if (name === 'merges.undo' && result === 'undone' && (merge?.undoUntil ?? 0) <= (now ?? 0))
          return fail('a merge was undone after the time in which it can be')
        const fault = moved && faultOfUndo(world, moved)
        if (fault) fail(`an undo ${fault}`)
        open = state.conflicts.size === 0 ? [] : [...state.conflicts.values()]
      },
    }
  },
}

function movedThings(
  { oracle, store }: World,
  { keptId, goneId }: Pick<MovedThings, 'keptId' | 'goneId'>,
  open: readonly Conflict[],
): MovedThings | null {
  const [kept, gone] = [oracle.model.users.get(keptId), oracle.model.users.get(goneId)]
  const row = store.state.users.get(keptId)
  if (kept === undefined || gone === undefined || row === undefined) return null
  const moved = (part: Part): string | null =>
    row[part] !== kept[part] && row[part] === gone[part] ? gone[part] : null
  const isGone = ({ firstUserId, secondUserId }: Conflict): boolean =>
    [firstUserId, secondUserId].includes(goneId)
  const { unbindings } = store.state
  return {
    ...{ keptId, goneId, wasDisabled: gone.isDisabled, conflicts: open.filter(isGone) },
    values: valuesOf(
      Object.fromEntries(parts.map((part) => [part, moved(part)])) as Record<Part, string | null>,
    ),
    unbindings: new Map(
      [...gone.shutOut.keys()]
        .filter((key) => !kept.shutOut.has(key))
        .map((key) => [key, unbindings.get(`${key} ${keptId}`)?.unboundAt ?? Number.NaN]),
    ),
  }
}

function faultOfUndo(world: World, moved: MovedThings): string | null {
  const { oracle, store } = world
  const { keptId, goneId } = moved
  const [kept, gone] = [oracle.model.users.get(keptId), oracle.model.users.get(goneId)]
  const [keptRow, goneRow] = [store.state.users.get(keptId), store.state.users.get(goneId)]
  if (!kept || !gone || !keptRow || !goneRow) return 'was of unknown users'
  const wanted = valuesAfter(moved.values, kept, gone)
  for (const part of parts) {
    if (keptRow[part] !== wanted.kept[part])
      return `left the kept user the ${part} ${keptRow[part]}, not ${wanted.kept[part]}`
    if (goneRow[part] !== wanted.gone[part])
      return `gave the other user the ${part} ${goneRow[part]}, not ${wanted.gone[part]}`
  }
  if ((goneRow.disabledAt !== null) !== moved.wasDisabled)
    return 'changed whether a user is disabled'
  for (const [key, unboundAt] of moved.unbindings) {
    const { unbindings } = store.state
    if (unbindings.get(`${key} ${keptId}`)?.unboundAt === unboundAt)
      return 'left an unbinding with the kept user that the merge had moved'
  }
  return faultOfConflicts(world, moved)
}

/**
 * A password goes back with the name, or else the number, that moved with it: where one of the two was changed since, both
 * stay, because the kept user signs in with them.
 */
function valuesAfter(
  moved: Values,
  kept: ModelUser,
  gone: ModelUser,
): { kept: Values; gone: Values } {
  const isSame = (part: Part): boolean => moved[part] !== null && moved[part] === kept[part]
  const isPasswordSame = moved.passwordHash === null || isSame('passwordHash')
  const isNameSame =
    moved.account !== null ? isSame('account') : moved.phone === null || isSame('phone')
  const returns: Record<Part, boolean> = {
    account: isSame('account') && isPasswordSame,
    passwordHash: isSame('passwordHash') && isNameSame,
    phone: isSame('phone'),
    nickname: isSame('nickname'),
  }
  const pick = (returned: (part: Part) => string | null, other: ModelUser): Values =>
    valuesOf(
      Object.fromEntries(
        parts.map((part) => [part, returns[part] ? returned(part) : other[part]]),
      ) as Record<Part, string | null>,
    )
  const left = pick(() => null, kept)
  const isUsable = left.account !== null || left.phone !== null
  return {
    kept: isUsable ? left : { ...left, passwordHash: null },
    gone: pick((part) => moved[part], gone),
  }
}

/** In the place of a user who was merged meanwhile stands the one it was merged into. */
function faultOfConflicts({ store }: World, { conflicts }: MovedThings): string | null {
  const { users, conflicts: open } = store.state
  const standsFor = (id: string): string | null => {
    const user = users.get(id)
    if (user === undefined) return null
    return user.mergedInto === null ? id : standsFor(user.mergedInto)
  }
  const isOpen = (unionid: string, one: string, other: string): boolean =>
    [...open.values()].some(
      (row) =>
        row.unionid === unionid &&
        [row.firstUserId, row.secondUserId].includes(one) &&
        [row.firstUserId, row.secondUserId].includes(other),
    )
  const closed = conflicts.find(({ unionid, firstUserId, secondUserId }) => {
    const [one, other] = [standsFor(firstUserId), standsFor(secondUserId)]
    return one !== null && other !== null && one !== other && !isOpen(unionid, one, other)
  })
  return closed === undefined ? null : 'left a conflict closed that the merge had closed'
}
