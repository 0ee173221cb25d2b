/** A table that both databases have. */
export interface MovedTable {
  readonly name: string
  /** In one order for both databases. */
  readonly columns: readonly string[]
  /** The columns of the primary key. Both databases sort by their bytes. */
  readonly key: readonly string[]
}

export type Value = string | number | Buffer | null
/** In the order of `columns`. */
export type Row = readonly Value[]

/** The database that is copied. */
export interface MoveSource {
  /** The columns of each table with data. */
  readonly tables: ReadonlyMap<string, readonly string[]>
  /** In the order of the key. */
  rows(table: MovedTable): Iterable<Row>
}

/** The empty database that gets the copy, inside of one transaction. */
export interface MoveTarget {
  /** A table comes after those that it refers to. */
  readonly tables: readonly MovedTable[]
  /** @param rows JSON objects by column name, made by `encodeRow` */
  insert(table: MovedTable, rows: readonly string[]): Promise<void>
  /** Call it after the last row of a table. */
  complete(table: MovedTable): Promise<void>
  /** In the order of the key. */
  rows(table: MovedTable): AsyncIterable<Row>
}
