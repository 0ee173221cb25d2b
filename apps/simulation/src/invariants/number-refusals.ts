import { inputOf, type Refused } from '../oracle/call-records.ts'
import { lastTwo, type ModelUser, ownerOf, toldOf } from '../oracle/model.ts'
import { forget } from '../oracle/told.ts'

/** How much of PHONE_TRUST_DAYS is left out, in ms, and how long after an unbinding. */
const margin = 60_000

/** What is wrong with the refusal of a number in `bind`; null where it is right. */
export function faultOfNumberRefusal({ world, records, call }: Refused): string | null {
  const { oracle, wechat, config, timeline } = world
  const { model } = oracle
  const code = inputOf(call).credential?.code ?? ''
  const proven = wechat.ofPhoneCode(code)
  const identity = records.identityOf(call)
  if (call.path !== 'bind' || proven === null || identity === null) return null
  const isFresh = records.arrivalsOf(code) === 1 && proven.openid === identity.openid
  if (!isFresh || records.errcodeOf(code) !== '0') return null
  const owner = [...model.users.values()].find(({ phone }) => phone === proven.number)
  if (owner === undefined) return 'no user has the number'
  if (ownerOf(model, identity)?.id === owner.id) return 'the number is of the same user'
  const { age, isDoubtful } = trustIn(owner, timeline.now)
  // What WeChat has said of an identity without a user may be kept by nothing.
  forget(oracle, identity)
  const known = [...owner.bindings.values()].flatMap((bound) => toldOf(model, bound).slice(-1))
  const person = wechat.personOf(identity.openid) ?? ''
  const told = lastTwo(toldOf(model, identity)).at(-1)
  // What came with the code of this call may be stored by nothing, and may be no unionid at all.
  const possible = [told, wechat.unionid(person, identity.appId)].filter((one) => one != null)
  const isSame = told !== undefined && possible.every((one) => known.includes(one))
  if (isSame) return 'WeChat proves the same person'
  const isOther = known.length > 0 && possible.length > 0
  const hasOther = owner.passwordHash !== null || owner.bindings.has(identity.appId)
  const vouches = age < config.phoneTrust - margin && !isDoubtful
  return vouches && !isOther && !hasOther ? 'its proof was fresh' : null
}

function trustIn(owner: ModelUser, now: number): { age: number; isDoubtful: boolean } {
  const { phoneProvenAt, shutOut } = owner
  return {
    age: now - phoneProvenAt,
    isDoubtful: [...shutOut.values()].some(({ at }) => at >= phoneProvenAt - margin),
  }
}
