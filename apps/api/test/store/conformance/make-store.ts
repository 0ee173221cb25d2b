import type { Store, StoreOptions } from '../../../src/store/store.ts'

/** Opens the store of a test over an empty database, and closes it when the test ends. */
export type MakeStore = (options: StoreOptions) => Promise<Store>
