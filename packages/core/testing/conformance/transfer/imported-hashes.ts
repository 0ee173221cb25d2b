import { expect, it } from 'vitest'
import { ownHashPrefix } from '../../../src/transfer/index.ts'
import { unique } from '../drafts.ts'
import type { MakeStores } from '../stores.ts'
import { draft } from './import-drafts.ts'

export function importedHashesConform(make: MakeStores): void {
  it('goes through the hashes that the service did not make, in the order of their bytes', async () => {
    const stores = await make()
    const own = `${ownHashPrefix}salt$hash`
    const other = `${ownHashPrefix.replace('t=2', 't=3')}salt$hash`
    const imported = ['md5$$b', '$2b$10$a', other, '$2b$10$Z', 'pbkdf2:a']
    await stores.transfer.importUsers(
      [own, ...imported, own, null].map((passwordHash) =>
        draft({ account: unique('name'), passwordHash }),
      ),
    )
    const next = stores.transfer.nextImportedHash
    const found: string[] = []
    for (let hash = await next(''); hash !== null; hash = await next(hash)) found.push(hash)
    expect(found).toEqual(imported.toSorted((one, two) => (one < two ? -1 : 1)))
    expect(await next('$2b$10$\uffff')).toBe(other)
    expect(await next('q')).toBeNull()
  })
}
