/**
 * Of the rows of `users` whose password hash an import brought: those that do not begin as `ownHashPrefix` of core. Both
 * stores have an index over them, which serves a query with these very words only.
 */
export const isImportedHash = "substr(password_hash, 1, 31) <> '$argon2id$v=19$m=19456,t=2,p=1$'"
