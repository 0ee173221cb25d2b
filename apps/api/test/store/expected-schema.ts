/**
 * The schema of an up-to-date database: each table with its columns (`pk1` is the first column of the primary key),
 * foreign keys and indexes. A difference is a change of the stored data and needs a migration.
 */
export const expectedSchema = `\
table audit_chain: id INTEGER not null pk1, sealed_key TEXT not null, unchained_until INTEGER not null, anchor_id INTEGER not null, anchor_state BLOB not null, anchor_seal BLOB not null, head_id INTEGER not null, head_state BLOB not null
table audit_events: id INTEGER not null pk1, at INTEGER not null, action TEXT not null, outcome TEXT not null, user_id TEXT, operator_id TEXT, app_id TEXT, address TEXT, device TEXT, is_read INTEGER not null = 0, count INTEGER not null = 1, mac BLOB
  audit_events_action (action,at) where action <> 'sign_in'
  audit_events_at (is_read,at)
  audit_events_operator (operator_id,is_read,at) where operator_id is not null
  audit_events_outcome (outcome,is_read,at) where outcome <> 'ok'
  audit_events_user (user_id,is_read,at)
table audit_inbox: id INTEGER not null pk1, event TEXT not null
table audit_subjects without rowid: user_id TEXT not null pk1, pseudonym TEXT not null, mac BLOB
  unique audit_subjects_pseudonym_unique (pseudonym)
  user_id references users.id, on delete cascade
table avatars: user_id TEXT not null pk1, hash TEXT not null, type TEXT not null, bytes BLOB not null
  unique avatars_hash_unique (hash)
  user_id references users.id, on delete cascade
table daily_counts: day INTEGER not null pk1, action TEXT not null pk2, outcome TEXT not null pk3, app_id TEXT not null pk4, count INTEGER not null, last_at INTEGER not null
table enrolment_codes: user_id TEXT not null pk1, hash TEXT not null, expires_at INTEGER not null
  user_id references users.id, on delete cascade
table identities: app_id TEXT not null pk1, openid TEXT not null pk2, unionid TEXT, user_id TEXT not null, bound_at INTEGER not null, bound_by TEXT not null = 'unknown', device TEXT, last_seen_at INTEGER not null = 0, sealed_key TEXT, key_fingerprint TEXT, previous_key TEXT, previous_unionid TEXT
  identities_app (app_id,bound_at,user_id)
  identities_unionid (unionid)
  unique identities_user_app (user_id,app_id)
  user_id references users.id, on delete cascade
table known_browsers: hash TEXT not null pk1, user_id TEXT not null pk2, created_at INTEGER not null, expires_at INTEGER not null
  known_browsers_expires_at (expires_at)
  known_browsers_user (user_id,created_at)
  user_id references users.id, on delete cascade
table limits without rowid: key TEXT not null pk1, count INTEGER not null, ends_at INTEGER not null
  limits_ends_at (ends_at)
table merges: id TEXT not null pk1, kept_user_id TEXT not null, gone_user_id TEXT not null, kept_name TEXT, gone_name TEXT, operator_id TEXT not null, merged_at INTEGER not null, undo_until INTEGER not null, undone_at INTEGER, moved TEXT not null
  gone_user_id references users.id, on delete cascade
  kept_user_id references users.id, on delete cascade
  merges_gone (gone_user_id)
  merges_kept (kept_user_id)
  merges_merged_at (merged_at)
table nickname_fill: filled_until TEXT not null pk1
table nickname_suffixes without rowid: suffix TEXT not null pk1, user_id TEXT not null pk2
table observed_time: id INTEGER not null pk1, at INTEGER not null
table operator_factors: user_id TEXT not null pk1, sealed_secret TEXT not null, last_step INTEGER not null
  user_id references users.id, on delete cascade
table operator_sessions: hash TEXT not null pk1, user_id TEXT not null, stage TEXT not null, created_at INTEGER not null, last_seen_at INTEGER not null, expires_at INTEGER not null, password_mark TEXT not null, pending_secret TEXT
  operator_sessions_expires_at (expires_at)
  operator_sessions_user (user_id)
  user_id references users.id, on delete cascade
table person_notes: id TEXT not null pk1, user_id TEXT not null, operator_id TEXT, at INTEGER not null, text TEXT not null, merged_from TEXT
  merged_from references users.id, on delete set null
  operator_id references users.id, on delete set null
  person_notes_merged_from (merged_from) where merged_from is not null
  person_notes_operator (operator_id) where operator_id is not null
  person_notes_user (user_id,at,id)
  user_id references users.id, on delete cascade
table recovery_codes: user_id TEXT not null pk1, hash TEXT not null pk2
  user_id references users.id, on delete cascade
table retired_mac_keys: root_id TEXT not null pk1, purpose TEXT not null pk2, sealed_key TEXT not null, retired_at INTEGER not null
table root_keys: id TEXT not null pk1, first_used_at INTEGER not null
table service_key_secrets: hash TEXT not null pk1, key_id TEXT not null, created_at INTEGER not null, expires_at INTEGER, last_used_at INTEGER
  key_id references service_keys.id, on delete cascade
  service_key_secrets_key (key_id)
table service_keys: id TEXT not null pk1, name TEXT not null, scopes TEXT not null, created_at INTEGER not null, created_by TEXT, revoked_at INTEGER
  created_by references users.id, on delete set null
  service_keys_created_by (created_by) where created_by is not null
  unique service_keys_name (name) where revoked_at is null
table sessions without rowid: id TEXT not null pk1, user_id TEXT not null, app_id TEXT not null, device TEXT, created_at INTEGER not null, last_seen_at INTEGER not null, expires_at INTEGER not null, counter INTEGER not null = 0, rotated_at INTEGER not null, secret TEXT, secret_since INTEGER not null = 0, variants INTEGER not null = 1, parent_variant INTEGER not null = 0, grandparent_variant INTEGER not null = 0, repeated_in INTEGER, forgiven_in INTEGER
  sessions_expires_at (expires_at)
  sessions_user (user_id)
  user_id references users.id, on delete cascade
table signing_keys: kid TEXT not null pk1, root_id TEXT not null, sealed_private_jwk TEXT not null, created_at INTEGER not null, retired_at INTEGER
  unique signing_keys_root_id_unique (root_id)
table tickets: issue_order INTEGER not null pk1, hash TEXT not null, app_id TEXT not null, openid TEXT not null, unionid TEXT, sealed_key TEXT not null, key_fingerprint TEXT not null, expires_at INTEGER not null, tries INTEGER not null = 0, used_at INTEGER, used_by TEXT, used_proof TEXT
  tickets_expires_at (expires_at)
  tickets_identity (app_id,openid)
  unique tickets_hash_unique (hash)
table unbindings: app_id TEXT not null pk1, openid TEXT not null pk2, unionid TEXT, user_id TEXT not null pk3, unbound_at INTEGER not null, previous_unionid TEXT
  unbindings_unionid (unionid) where unionid is not null
  unbindings_user (user_id)
  user_id references users.id, on delete cascade
table unionid_conflicts: unionid TEXT not null pk1, first_user_id TEXT not null pk2, second_user_id TEXT not null pk3, detected_at INTEGER not null
  first_user_id references users.id, on delete cascade
  second_user_id references users.id, on delete cascade
  unionid_conflicts_detected_at (detected_at)
  unionid_conflicts_first (first_user_id)
  unionid_conflicts_second (second_user_id)
table users without rowid: id TEXT not null pk1, account TEXT, account_key TEXT, password_hash TEXT, phone TEXT, phone_key TEXT, sealed_phone TEXT, nickname TEXT, avatar_url TEXT, role TEXT not null = 'user', disabled_at INTEGER, created_at INTEGER not null, merged_into TEXT, merged_until INTEGER, phone_proven_at INTEGER, external_id TEXT
  merged_into references users.id, on delete cascade
  unique users_account_key_unique (account_key)
  unique users_external_id_unique (external_id)
  unique users_phone_key_unique (phone_key)
  users_admins (created_at,id) where role = 'admin'
  users_created (created_at,id)
  users_disabled (created_at,id) where disabled_at is not null
  users_imported_hash (password_hash) where substr(password_hash, 1, 31) <> '$argon2id$v=19$m=19456,t=2,p=1$'
  users_merged_into (merged_into) where merged_into is not null
  users_merged_until (merged_until) where merged_until is not null
  users_phone_end (null,created_at,id) where phone is not null
table webhook_deliveries: seq INTEGER not null pk1, event_id TEXT not null, webhook_id TEXT not null, type TEXT not null, person_id TEXT not null, user_id TEXT, occurred_at INTEGER not null, body TEXT not null, due_at INTEGER not null, pending_since INTEGER not null, attempts INTEGER not null = 0, error TEXT, lease TEXT, lease_until INTEGER, dead_at INTEGER
  webhook_deliveries_dead (dead_at,seq) where dead_at is not null
  webhook_deliveries_due (webhook_id,due_at) where dead_at is null
  webhook_deliveries_pending (webhook_id,pending_since) where dead_at is null
  webhook_deliveries_person (person_id,webhook_id,seq)
  webhook_deliveries_user (user_id) where user_id <> person_id
table webhook_outbox: id INTEGER not null pk1, at INTEGER not null, events TEXT not null, users TEXT
table webhooks: id TEXT not null pk1, url TEXT not null, events TEXT not null, sealed_secret TEXT not null, previous_secret TEXT, previous_secret_until INTEGER, created_at INTEGER not null, created_by TEXT, disabled_at INTEGER, disabled_reason TEXT, enabled_at INTEGER
  created_by references users.id, on delete set null
  webhooks_created_by (created_by) where created_by is not null
table wechat_counts: day INTEGER not null pk1, app_id TEXT not null pk2, api TEXT not null pk3, errcode TEXT not null pk4, count INTEGER not null, sum_ms INTEGER not null, max_ms INTEGER not null
`
