import type { NewEnrolment } from './role-store.ts'

/** Codes that let an administrator enrol an authenticator app. */
export interface EnrolmentCodes {
  /** A new code of 99 bits. */
  draw(): string
  /** The hash under which a code is stored, independent of spaces, hyphens and case. */
  hash(code: string): string
}

/** How long an enrolment code is valid, in ms. One that is valid for longer is of a clock that was ahead, and is over. */
export const enrolmentTtl: number = 24 * 3_600_000

/** An enrolment code as it is shown, once. */
export interface Enrolment {
  readonly code: string
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

/** A new enrolment code, to be shown and to be stored. */
export function draftEnrolment(
  codes: EnrolmentCodes,
  now: number,
): { shown: Enrolment; stored: NewEnrolment } {
  const code = codes.draw()
  const expiresAt = now + enrolmentTtl
  return { shown: { code, expiresAt }, stored: { hash: codes.hash(code), expiresAt } }
}
