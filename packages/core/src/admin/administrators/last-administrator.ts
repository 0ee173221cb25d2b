/** What an administrator signs in to the console with. */
export interface AdministratorMeans {
  readonly id: string
  readonly account: string | null
  readonly hasPassword: boolean
  readonly hasSecondFactor: boolean
  readonly disabledAt: number | null
}

/**
 * Whether this user is the only administrator who can sign in. An administrator without a second factor does not count,
 * also with a valid enrolment code: the code may expire unused.
 *
 * @param administrators every user with the role `admin` who was not merged into another
 */
export function isLastAdministrator(
  administrators: readonly AdministratorMeans[],
  userId: string,
): boolean {
  const able = administrators.filter(
    ({ account, hasPassword, hasSecondFactor, disabledAt }) =>
      account !== null && hasPassword && hasSecondFactor && disabledAt === null,
  )
  return able.length === 1 && able[0]?.id === userId
}
