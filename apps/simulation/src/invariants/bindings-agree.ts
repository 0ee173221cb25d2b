import { keyOf } from '../oracle/model.ts'
import { adminAccount } from '../world/admin/create-console.ts'
import type { Invariant } from './invariant.ts'

export const bindingsHold: Invariant = {
  name: 'bindings-hold',
  sentence:
    'A WeChat identity is bound to the user whom a proof bound it to, until it is unbound: to no other user, and to none without a proof.',
  sees: 'after',
  watch({ oracle, store, config }, fail) {
    return {
      committed({ name, result }) {
        if (name === 'identities.signUp' && config.signUp === 'bind' && isNew(result))
          fail('a first sign-in made a user, and SIGN_UP is bind')
      },
      stored(name) {
        const { model } = oracle
        let bound = 0
        for (const user of model.users.values()) {
          bound += user.bindings.size
          for (const binding of user.bindings.values()) {
            const row = store.state.identities.get(keyOf(binding))
            if (row?.userId !== user.id)
              return fail(
                `after ${name} an identity of user ${user.id} is bound to ${row?.userId ?? 'no user'}`,
              )
          }
        }
        if (store.state.identities.size !== bound)
          fail(`${name} left an identity bound that was unbound, or bound one without a proof`)
      },
    }
  },
}

const isNew = (result: unknown): boolean => (result as { newUser?: boolean }).newUser === true

export const usersAgree: Invariant = {
  name: 'users-stay',
  sentence:
    'An acknowledged effect survives: users, names, passwords and numbers are what was last set, whatever was lost or died since.',
  sees: 'after',
  watch({ oracle, store }, fail) {
    return {
      stored(name) {
        const { model } = oracle
        const taken = new Set<string>()
        for (const row of store.state.users.values()) {
          if (row.account === adminAccount && (row.role !== 'admin' || row.disabledAt !== null))
            return fail(`${name} disabled the last administrator`)
          // One who is removed is a user whom no app knows.
          if (row.role === 'admin' || row.account?.startsWith('deputy')) continue
          for (const key of [row.account, row.phone]) {
            if (key === null) continue
            if (taken.has(key)) return fail(`after ${name} two users have ${key}`)
            taken.add(key)
          }
          const user = model.users.get(row.id)
          if (user === undefined) return fail(`${name} made a user whom nothing proves`)
          if (user.nickname !== row.nickname)
            return fail(`after ${name} a nickname is ${row.nickname}, not ${user.nickname}`)
          if (user.account !== row.account)
            return fail(`${name} changed an account name to ${row.account}`)
          if (user.passwordHash !== row.passwordHash)
            return fail(`after ${name} a password is not the one that was set last`)
          if (user.phone !== row.phone)
            return fail(`after ${name} the number of a user is ${row.phone}, not ${user.phone}`)
          if (user.isDisabled !== (row.disabledAt !== null))
            return fail(`${name} changed whether a user is disabled`)
        }
        for (const id of model.users.keys())
          if (!store.state.users.has(id))
            return fail(`${name} removed a user without a request to delete them`)
      },
    }
  },
}
