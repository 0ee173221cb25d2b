import { hashSync, verifySync } from '@node-rs/argon2'
import { ownCost, ownWork } from './own-cost.mjs'

/** PHC string: https://github.com/P-H-C/phc-string-format. Versions before 19 (1.3) are not used any more. */
const pattern =
  /^(\$argon2(?:id|i|d)\$v=19\$m=([1-9]\d{0,6}),t=([1-9]\d?),p=([1-9]\d?)\$)[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{16,86}$/
/** 256 MiB, and the passes that take about a second with it. */
const limits = { memoryKib: 262_144, work: 1_048_576, lanes: 16 }

/**
 * Work is KiB of memory times passes.
 *
 * @type {import('./stored-hash.mjs').Scheme}
 */
export const argon2Scheme = {
  name: 'argon2',
  msOf: 20 / ownWork,
  read(text) {
    const [, kind, memory, passes, lanes] = pattern.exec(text) ?? []
    if (kind === undefined || !isAffordable(Number(memory), Number(passes), Number(lanes)))
      return null
    if (!isReadable(text, kind)) return null
    return {
      kind,
      work: Number(memory) * Number(passes),
      matches: (password) => verifySync(text, password),
    }
  },
  spend(work, password) {
    let rest = work
    for (; rest >= ownWork; rest -= ownWork) hashSync(password, ownCost)
    const memoryCost = Math.floor(rest / ownCost.timeCost)
    if (memoryCost >= 8) hashSync(password, { ...ownCost, memoryCost })
  },
}

/**
 * Whether the library takes the salt and the hash. It refuses what the pattern lets through, such as a salt of an impossible
 * length, and then computes nothing: the time would tell that there is such an account.
 *
 * @param {string} text
 * @param {string} kind its text up to the salt
 */
function isReadable(text, kind) {
  const cheapest = kind.replace(/m=.*$/, 'm=8,t=1,p=1$')
  try {
    verifySync(cheapest + text.slice(kind.length), '')
    return true
  } catch {
    return false
  }
}

/**
 * @param {number} memory KiB
 * @param {number} passes
 * @param {number} lanes
 */
const isAffordable = (memory, passes, lanes) =>
  lanes <= limits.lanes &&
  memory >= 8 * lanes &&
  memory <= limits.memoryKib &&
  memory * passes <= limits.work
