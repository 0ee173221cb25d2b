/**
 * Prepares the statements on a table once for all stores that use them: each of them would prepare its own otherwise,
 * half of all statements. Different objects are different databases here, also two views of one connection.
 */
export function oncePerDatabase<Database extends object, Statements>(
  prepare: (database: Database) => Statements,
): (database: Database) => Statements {
  const prepared = new WeakMap<Database, { readonly statements: Statements }>()
  return (database) => {
    const known = prepared.get(database) ?? { statements: prepare(database) }
    prepared.set(database, known)
    return known.statements
  }
}
