import { openidOf, phoneOf, unionidOf } from '../people.ts'

/** What WeChat knows of somebody. */
export interface Person {
  /** Without the country code. */
  phone: string
  /** WeChat sends it as a text or as a number. */
  countryCode: string | number
  /** Null where the mini program is not bound to an Open Platform account. */
  unionid: string | null
  /** A user whom WeChat holds for high-risk: 40226. */
  blocked: boolean
}

export interface People {
  of(user: string): Person
  /** An undefined field stays as it is. */
  change(user: string, change: { [K in keyof Person]?: Person[K] | undefined }): Person
  openid(appId: string, user: string): string
  /** Null gives back the one that is computed from the name. */
  giveOpenid(appId: string, user: string, openid: string | null): string
}

/** Everybody is as the name says, until told otherwise. */
export function createPeople(): People {
  const changed = new Map<string, Person>()
  const openids = new Map<string, string>()
  const keyOf = (appId: string, user: string): string => `${appId} ${user}`

  function of(user: string): Person {
    const asNamed = {
      phone: phoneOf(user),
      countryCode: '86',
      unionid: unionidOf(user),
      blocked: false,
    }
    return changed.get(user) ?? asNamed
  }

  const openid = (appId: string, user: string): string =>
    openids.get(keyOf(appId, user)) ?? openidOf(appId, user)

  return {
    of,
    change(user, change) {
      const given = Object.entries(change).filter(([, value]) => value !== undefined)
      const person: Person = { ...of(user), ...Object.fromEntries(given) }
      changed.set(user, person)
      return person
    },
    openid,
    giveOpenid(appId, user, given) {
      if (given === null) openids.delete(keyOf(appId, user))
      else openids.set(keyOf(appId, user), given)
      return openid(appId, user)
    },
  }
}
