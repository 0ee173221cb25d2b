/**
 * Who may import whom; the reasons stand in docs/decisions/0002-one-house.md. Type imports count. A file is
 * seen by its real path, so `packages/core/src/…` is core whoever reaches it. That every import is declared
 * in a package.json is knip's to check.
 */
const ours = '^(apps|packages)/'
const tests = '(\\.test\\.ts$|/test/)'

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

/** A package that knows nothing of mianmi may import none of the rest of the house. */
const standsAlone = (name) =>
  forbid(
    `${name}-stands-alone`,
    `${name} is worth publishing by itself`,
    { path: `^packages/${name}/src`, pathNot: tests },
    { path: ours, pathNot: `^packages/${name}/` },
  )

export default {
  forbidden: [
    forbid('no-circle', 'data flows one way', {}, { circular: true }),
    forbid(
      'through-the-door',
      'a package is reached by its exports, never by a path into it',
      { path: '^(apps|packages)/([^/]+)/' },
      {
        path: '^(apps|packages)/[^/]+/',
        pathNot: '^(apps|packages)/$2/',
        dependencyTypes: ['local'],
      },
    ),
    forbid(
      'core-imports-nothing',
      'core is the ground floor: no framework, no I/O',
      { path: '^packages/core/src', pathNot: tests },
      { pathNot: '^packages/core/src' },
    ),
    forbid(
      'core-testing-imports-core-only',
      'the in-memory store and the conformance suite run without any other package',
      { path: '^packages/core/testing' },
      { pathNot: ['^packages/core/(src|testing)/', 'node_modules/vitest/'] },
    ),
    forbid(
      'core-testing-is-for-tests',
      'no product code depends on the in-memory store or on the fakes',
      { pathNot: ['^packages/core/testing/', tests] },
      { path: '^packages/core/testing/' },
    ),
    forbid(
      'contracts-import-core-trpc-zod',
      'contracts do no I/O',
      { path: '^packages/contracts/src', pathNot: tests },
      {
        pathNot: ['^packages/(contracts|core)/', 'node_modules/(@trpc/server|zod)/'],
      },
    ),
    ...['wechat', 'trpc-fastify', 'wx-link', 'wx-session', 'wechat-sandbox', 'simulator'].map(
      standsAlone,
    ),
    forbid(
      'wx-link-imports-trpc-only',
      'the link ships to phones',
      { path: '^packages/wx-link/src', pathNot: tests },
      { pathNot: ['^packages/wx-link/', 'node_modules/@trpc/'] },
    ),
    forbid(
      'stores-know-core-only',
      'a store implements ports of core; it knows neither the contract nor the web',
      { path: '^apps/api/src/(store/|tokens/|passwords/|wechat-gate)', pathNot: tests },
      { path: ['^packages/contracts/', 'node_modules/(fastify|@fastify|@trpc)/'] },
    ),
    forbid(
      'doors-know-no-store',
      'what answers HTTP reaches the database through use cases',
      { path: '^apps/api/src/(app\\.ts|context\\.ts|http/|rest/|metrics/)' },
      { path: ['^apps/api/src/(store/|tokens/)', 'node_modules/(drizzle-orm|better-sqlite3)/'] },
    ),
    forbid(
      'clients-take-types-of-the-contract',
      'no zod and no server code reaches a client',
      { path: '^(apps/(miniprogram|playground|admin)|packages/wx-)', pathNot: tests },
      {
        path: '^packages/contracts/',
        // The console's forms check with the very schemas of the service; a browser has room for zod.
        pathNot: '^packages/contracts/src/(admin|schemas)/schemas\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    ),
    forbid(
      'no-zod-on-phones',
      'the mini program takes types of the contract only',
      { path: '^(apps/(miniprogram|playground)|packages/wx-)', pathNot: tests },
      { path: '^packages/contracts/', dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'nobody-imports-the-service',
      'the service is a process; clients speak to it over HTTP',
      { pathNot: '^apps/api/' },
      { path: '^apps/api/' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(apps|packages)/[^/]+/(dist|lib|\\.turbo|\\.reports)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'node', 'default'],
    },
    combinedDependencies: false,
  },
}
