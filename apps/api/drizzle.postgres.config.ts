import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: [
    './src/store/postgres/schema.ts',
    './src/store/postgres/admin/schema.ts',
    './src/store/postgres/audit/schema.ts',
    './src/store/postgres/service-keys/schema.ts',
    './src/store/postgres/webhooks/schema.ts',
  ],
  out: './migrations/postgres',
})
