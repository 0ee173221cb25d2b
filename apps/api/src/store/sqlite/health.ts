import type { StoreHealth } from '../store.ts'
import type { Database } from './database.ts'

export function createHealth({ sqlite }: Pick<Database, 'sqlite'>): StoreHealth {
  const size = sqlite
    .prepare<[], number>('select page_count * page_size from pragma_page_count, pragma_page_size')
    .pluck()
  return {
    ready: async () => void sqlite.prepare('select 1 from users limit 1').get(),
    bytes: async () => size.get() ?? null,
  }
}
