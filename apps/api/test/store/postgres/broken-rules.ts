import type pg from 'pg'

/** What must be true of the tables whenever no transaction runs, as queries for rows that break it. */
const rules: Readonly<Record<string, string>> = {
  'a session of a disabled user':
    'select 1 from sessions s join users u on u.id = s.user_id where u.disabled_at is not null',
  'a session of a merged user':
    'select 1 from sessions s join users u on u.id = s.user_id where u.merged_into is not null',
  'a session in an app in which its user has no identity': `select 1 from sessions s
    where not exists (select 1 from identities i where i.user_id = s.user_id and i.app_id = s.app_id)`,
  'a user without a way to sign in': `select 1 from users u
    where disabled_at is null and merged_into is null and (password_hash is null or account is null)
      and not exists (select 1 from identities i where i.user_id = u.id)`,
  'two active users of one unionid without a conflict': `select 1
    from identities a join identities b on a.unionid = b.unionid and a.user_id < b.user_id
    join users x on x.id = a.user_id and x.merged_into is null and x.role = 'user'
    join users y on y.id = b.user_id and y.merged_into is null and y.role = 'user'
    where not exists (select 1 from unionid_conflicts c where c.unionid = a.unionid
      and c.first_user_id = a.user_id and c.second_user_id = b.user_id)`,
  'a conflict of a merged user': `select 1 from unionid_conflicts c
    join users u on u.id in (c.first_user_id, c.second_user_id) where u.merged_into is not null`,
  'a number without its fingerprint or seal': `select 1 from users
    where (phone is null) <> (phone_key is null) or (phone is null) <> (sealed_phone is null)`,
  'a picture that its user does not show': `select 1 from avatars a join users u on u.id = a.user_id
    where u.avatar_url is null or position(a.hash in u.avatar_url) = 0`,
  'a ticket that was used by a user who is gone': `select 1 from tickets t
    where used_by is not null and not exists (select 1 from users u where u.id = t.used_by)`,
  'a session of the console of a user who is no administrator': `select 1 from operator_sessions s
    join users u on u.id = s.user_id where u.role <> 'admin' or u.disabled_at is not null`,
  'something to be sent about a user who is gone': `select 1 from webhook_deliveries d
    where d.type not in ('user.deleted', 'webhook.test')
      and not exists (select 1 from users u where u.id = d.user_id)`,
  'something to be sent in the order of a merged user': `select 1 from webhook_deliveries d
    join users u on u.id = d.person_id where u.merged_into is not null`,
  'a name that is still locked': 'select 1 from locks',
}

/** The names of the rules that the database breaks, of `countDeadlocks` too. */
export async function brokenRules(client: pg.Client): Promise<string[]> {
  const names = Object.keys(rules)
  const columns = names.map((name) => `exists (${rules[name]})`)
  const deadlocks = `(select deadlocks > 0 from pg_stat_database where datname = current_database())`
  const { rows } = await client.query<boolean[]>({
    text: `select ${[...columns, deadlocks].join(',\n')}`,
    rowMode: 'array',
  })
  return [...names, 'a deadlock'].filter((_, index) => rows[0]?.[index])
}
