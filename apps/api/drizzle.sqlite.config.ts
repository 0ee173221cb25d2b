import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'sqlite',
  schema: [
    './src/store/sqlite/schema.ts',
    './src/store/sqlite/admin/schema.ts',
    './src/store/sqlite/audit/schema.ts',
    './src/store/sqlite/service-keys/schema.ts',
    './src/store/sqlite/webhooks/schema.ts',
  ],
  out: './migrations/sqlite',
})
