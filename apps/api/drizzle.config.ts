import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'sqlite',
  schema: ['./src/store/schema.ts', './src/store/admin/schema.ts', './src/store/audit/schema.ts'],
  out: './migrations',
})
