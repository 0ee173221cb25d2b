import { describeStores } from '@mianmi/core/testing/conformance'
import { describe } from 'vitest'
import { openSqliteStores } from './sqlite-stores.ts'

describe('the SQLite store', () => describeStores(async () => openSqliteStores()))
