import { keyOf, type ModelUser } from '../oracle/model.ts'
import type { World } from '../world/world.ts'
import type { Invariant } from './invariant.ts'

export const mergesKeep: Invariant = {
  name: 'merges-keep',
  sentence:
    'A merge loses no identity, name, number or unbinding of the two users, and its undo gives back what is still as the merge put it.',
  sees: 'before',
  watch(world, fail) {
    /** Of each merge: the identities that moved, with when they were bound. */
    const moved = new Map<string, { goneId: string; boundAt: Map<string, number> }>()
    return {
      committed({ name, args, result }) {
        if (name === 'merges.merge' && typeof result !== 'string') {
          const { id, kept, gone } = result as MergeResult
          const fault = faultOfMerge(world, { keptId: kept.id, goneId: gone.id })
          if (fault !== null) return fail(`a merge ${fault}`)
          moved.set(id, { goneId: gone.id, boundAt: movedIdentities(world, kept.id, gone.id) })
        }
        const merge = name === 'merges.undo' && result === 'undone' && moved.get(args[0] as string)
        if (!merge) return
        const { keptId } = world.store.state.merges.get(args[0] as string) ?? { keptId: '' }
        for (const [key, boundAt] of merge.boundAt) {
          const row = world.store.state.identities.get(key)
          if (row?.boundAt === boundAt && row.userId === keptId)
            return fail('an undo left an identity with the kept user that the merge had moved')
        }
        const fault = faultOfUndo(world, keptId, merge.goneId)
        if (fault !== null) fail(`an undo ${fault}`)
      },
    }
  },
}

interface MergeResult {
  readonly id: string
  readonly kept: { readonly id: string }
  readonly gone: { readonly id: string }
}

interface Merged {
  readonly keptId: string
  readonly goneId: string
}

function faultOfMerge({ oracle, store }: World, { keptId, goneId }: Merged): string | null {
  const { users } = oracle.model
  const [kept, gone] = [users.get(keptId), users.get(goneId)]
  const row = store.state.users.get(keptId)
  if (kept === undefined || gone === undefined || row === undefined) return 'was of unknown users'
  if (row.account !== (kept.account ?? gone.account)) return 'lost an account name'
  if (row.phone !== (kept.phone ?? gone.phone)) return 'lost a number'
  if (row.nickname !== (kept.nickname ?? gone.nickname)) return 'lost a nickname'
  if (canUsePassword(kept) || canUsePassword(gone)) {
    const wanted = canUsePassword(kept) ? kept.passwordHash : gone.passwordHash
    if (row.passwordHash !== wanted) return 'left another password than the one that counts'
  }
  for (const user of [kept, gone])
    for (const binding of user.bindings.values()) {
      const isDouble = user === gone && kept.bindings.has(binding.appId)
      const owner = store.state.identities.get(keyOf(binding))?.userId
      if (owner !== (isDouble ? goneId : keptId)) return 'left an identity with the wrong user'
    }
  const isShutOut = (key: string): boolean => store.state.unbindings.has(`${key} ${keptId}`)
  return [...kept.shutOut.keys(), ...gone.shutOut.keys()].every(isShutOut)
    ? null
    : 'forgot that an identity was unbound'
}

const canUsePassword = ({ passwordHash, account, phone }: ModelUser): boolean =>
  passwordHash !== null && (account !== null || phone !== null)

function movedIdentities(
  { oracle, store }: World,
  keptId: string,
  goneId: string,
): Map<string, number> {
  const kept = oracle.model.users.get(keptId)
  const bindings = [...(oracle.model.users.get(goneId)?.bindings.values() ?? [])]
  return new Map(
    bindings
      .filter(({ appId }) => kept?.bindings.has(appId) === false)
      .map((binding) => [
        keyOf(binding),
        store.state.identities.get(keyOf(binding))?.boundAt ?? Number.NaN,
      ]),
  )
}

/** Between the two users nothing is lost: what one of them had before the undo, one of them has after it. */
function faultOfUndo({ oracle, store }: World, keptId: string, goneId: string): string | null {
  const [kept, gone] = [keptId, goneId].map((id) => oracle.model.users.get(id))
  const rows = [keptId, goneId].flatMap((id) => store.state.users.get(id) ?? [])
  for (const part of ['account', 'phone'] as const) {
    const before = [kept?.[part], gone?.[part]].filter((value) => value != null)
    if (before.some((value) => !rows.some((row) => row[part] === value))) return `lost the ${part}`
  }
  const shutOut = [...(kept?.shutOut.keys() ?? []), ...(gone?.shutOut.keys() ?? [])]
  return shutOut.every((key) =>
    [keptId, goneId].some((id) => store.state.unbindings.has(`${key} ${id}`)),
  )
    ? null
    : 'forgot that an identity was unbound'
}
