import type { AdminPorts } from '../../src/admin/index.ts'
import type { Picture } from '../../src/index.ts'

/** The store ports over one empty database, and what no port offers to a test. */
export interface TestedStores
  extends Pick<
    AdminPorts,
    | 'users'
    | 'avatars'
    | 'identities'
    | 'tickets'
    | 'sessions'
    | 'limits'
    | 'audit'
    | 'people'
    | 'merges'
    | 'auditReader'
  > {
  /** Gives a user the role `admin`. */
  makeAdmin(userId: string): Promise<void>
  /** The kept picture that has this address, or null. */
  pictureAt(address: string): Promise<Picture | null>
}

/** Makes the stores of one test. Whoever makes them also closes them when the test ends. */
export type MakeStores = () => Promise<TestedStores>
