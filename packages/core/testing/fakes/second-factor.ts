import type { EnrolmentCodes, RecoveryCodes, Totp } from '../../src/admin/index.ts'

const stepMs = 30_000

export interface FakeTotp extends Totp {
  /** The code that an app with this secret shows at this time. */
  codeAt(secret: string, now: number): string
}

/** Codes of six digits that follow from the secret and the time step, as in RFC 6238, but without a hash. */
export function createFakeTotp(): FakeTotp {
  let serial = 0
  const prefixOf = (userId: string): string => `sealed for ${userId}: `
  const codeOf = (secret: string, step: number): string => {
    const value = Number(secret.replace('secret-', '')) * 104_729 + step * 7_919
    return String(value % 1_000_000).padStart(6, '0')
  }
  return {
    codeAt: (secret, now) => codeOf(secret, Math.floor(now / stepMs)),

    draft({ id, account }) {
      const secret = `secret-${++serial}`
      return {
        secret,
        uri: `otpauth://totp/${account}?secret=${secret}`,
        sealed: prefixOf(id) + secret,
      }
    },

    stepOf(userId, sealed, { code, now }) {
      const prefix = prefixOf(userId)
      if (!sealed.startsWith(prefix)) return null
      const secret = sealed.slice(prefix.length)
      const current = Math.floor(now / stepMs)
      return (
        [current, current - 1, current + 1].find((step) => codeOf(secret, step) === code) ?? null
      )
    },
  }
}

/** Recovery codes that count up. */
export function createFakeRecoveryCodes(): RecoveryCodes {
  let drawn = 0
  return {
    draw() {
      drawn += 1
      return Array.from({ length: 10 }, (_, index) => `recovery-${drawn}-${index + 1}`)
    },
    hash: (userId, code) => `hash of ${code} for ${userId}`,
    formerHashes: (userId, code) => [`former hash of ${code} for ${userId}`],
  }
}

/** Enrolment codes that count up. */
export function createFakeEnrolmentCodes(): EnrolmentCodes {
  let drawn = 0
  return {
    draw: () => `enrolment-${++drawn}`,
    hash: (code) => `hash of ${code}`,
  }
}
