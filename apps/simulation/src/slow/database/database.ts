/** What the database holds that sentences are about. Names are the columns' names, times in ms. */
export interface Snapshot {
  readonly users: readonly {
    readonly id: string
    readonly account: string | null
    readonly password_hash: string | null
    /** Masked. */
    readonly phone: string | null
    readonly phone_proven_at: number | null
    readonly nickname: string | null
    readonly role: 'user' | 'admin'
    readonly disabled_at: number | null
    readonly merged_into: string | null
  }[]
  readonly identities: readonly {
    readonly app_id: string
    readonly openid: string
    readonly unionid: string | null
    readonly user_id: string
    readonly bound_at: number
    readonly bound_by: string
  }[]
  readonly unbindings: readonly {
    readonly app_id: string
    readonly openid: string
    readonly user_id: string
    readonly unbound_at: number
  }[]
  readonly sessions: readonly {
    readonly id: string
    readonly user_id: string
    readonly app_id: string
    readonly counter: number
    readonly expires_at: number
  }[]
  readonly tickets: readonly {
    readonly hash: string
    readonly app_id: string
    readonly openid: string
    readonly unionid: string | null
  }[]
  readonly conflicts: readonly {
    readonly unionid: string
    readonly first_user_id: string
    readonly second_user_id: string
  }[]
  readonly merges: readonly {
    readonly id: string
    readonly kept_user_id: string
    readonly gone_user_id: string
    readonly merged_at: number
    readonly undone_at: number | null
  }[]
}

/** The database of a run. */
export interface Database {
  /** For `DATABASE_URL`. */
  readonly url: string
  /** Whether a node keeps in memory alone which login codes it has sent to WeChat. */
  readonly forgetsCodes: boolean
  /** Reads it when nothing writes to it any more; call it while no node has a call in flight. */
  read(): Promise<Snapshot>
  close(): Promise<void>
}

/** The same in both databases. */
export const statements: Readonly<Record<keyof Snapshot, string>> = {
  users:
    'select id, account, password_hash, phone, phone_proven_at, nickname, role, disabled_at, merged_into from users',
  identities: 'select app_id, openid, unionid, user_id, bound_at, bound_by from identities',
  unbindings: 'select app_id, openid, user_id, unbound_at from unbindings',
  sessions: 'select id, user_id, app_id, counter, expires_at from sessions',
  tickets: 'select hash, app_id, openid, unionid from tickets order by issue_order',
  conflicts: 'select unionid, first_user_id, second_user_id from unionid_conflicts',
  merges: 'select id, kept_user_id, gone_user_id, merged_at, undone_at from merges',
}
