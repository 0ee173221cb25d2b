/**
 * Who may import whom. docs/decisions/0002 gives the reasons. Type imports count. Files are matched by their real
 * path, so `packages/core/src/…` is core also where it is imported as `@mianmi/core`. That every imported package is
 * declared in package.json is checked by knip.
 */
const workspace = '^(apps|packages)/'
const tests = '(\\.test\\.ts$|/test/)'

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

/** A package that knows nothing of mianmi imports no other package of this repository. */
const standsAlone = (name) =>
  forbid(
    `${name}-stands-alone`,
    `${name} is published by itself`,
    { path: `^packages/${name}/src`, pathNot: tests },
    { path: workspace, pathNot: `^packages/${name}/` },
  )

export default {
  forbidden: [
    forbid('no-circle', 'data flows one way', {}, { circular: true }),
    forbid(
      'through-exports',
      'a package is imported through its exports, never by a path into it',
      { path: '^(apps|packages)/([^/]+)/' },
      {
        path: '^(apps|packages)/[^/]+/',
        pathNot: '^(apps|packages)/$2/',
        dependencyTypes: ['local'],
      },
    ),
    forbid(
      'core-imports-nothing',
      'core holds use cases and ports: no framework, no I/O',
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
      { pathNot: ['^packages/core/testing/', '^apps/simulation/', tests] },
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
      'a store implements ports of core; it knows neither the contract nor HTTP, and gets its settings as parameters',
      { path: '^apps/api/src/(store/|tokens/|passwords/|wechat-gateway)', pathNot: tests },
      {
        path: [
          '^packages/contracts/',
          '^apps/api/src/((app|context|config|service|main)\\.ts|http/|rest/|metrics/|admin/)',
          'node_modules/(fastify|@fastify|@trpc)/',
        ],
      },
    ),
    forbid(
      'the-store-has-two-entries',
      'what the service and its commands need of a store is in the type Store; SQL stays inside of store/',
      { path: '^apps/api/src/', pathNot: ['^apps/api/src/store/', tests] },
      {
        path: ['^apps/api/src/store/', 'node_modules/(better-sqlite3|pg|drizzle-orm)/'],
        pathNot: '^apps/api/src/store/(store|open-store)\\.ts$',
      },
    ),
    forbid(
      'sqlite-stays-in-its-folder',
      'what both stores need imports no database',
      { path: '^apps/api/src/store/(?!sqlite/)', pathNot: tests },
      {
        path: [
          'node_modules/better-sqlite3/',
          'node_modules/drizzle-orm/(better-sqlite3|sqlite-core)/',
        ],
      },
    ),
    forbid(
      'postgres-stays-in-its-folder',
      'what both stores need imports no database',
      { path: '^apps/api/src/store/(?!postgres/)', pathNot: tests },
      { path: ['node_modules/pg/', 'node_modules/drizzle-orm/(node-postgres|pg-core)/'] },
    ),
    forbid(
      'stores-are-two',
      'each store is written for its database; what both need stands outside of both, by subject',
      { path: '^apps/api/src/store/(sqlite|postgres)/' },
      { path: '^apps/api/src/store/(sqlite|postgres)/', pathNot: '^apps/api/src/store/$1/' },
    ),
    forbid(
      'shared-store-code-knows-no-store',
      'store/open-store.ts alone chooses between the stores',
      { path: '^apps/api/src/store/(?!sqlite/|postgres/|open-store\\.ts)', pathNot: tests },
      { path: '^apps/api/src/store/((sqlite|postgres)/|open-store\\.ts)' },
    ),
    forbid(
      'http-knows-use-cases-only',
      'what answers HTTP reaches the database and WeChat through use cases, and starts no process',
      {
        // In admin/ only the command and the composition of the admin service open stores.
        path: '^apps/api/src/(app\\.ts|context\\.ts|http/|rest/|metrics/|admin/(?!command/|service/))',
        pathNot: tests,
      },
      {
        path: [
          '^apps/api/src/(store|tokens|passwords|backup|admin/(command|service))/',
          '^apps/api/src/(wechat-gateway|service|main)\\.ts',
          '^packages/wechat/',
          'node_modules/(drizzle-orm|better-sqlite3)/',
        ],
      },
    ),
    forbid(
      'admin-is-separable',
      'core and the contracts of the mini program work without the admin side',
      {
        path: '^packages/(core|contracts)/src/',
        pathNot: [tests, '^packages/(core|contracts)/src/admin/'],
      },
      { path: '^packages/(core|contracts)/src/admin/' },
    ),
    forbid(
      'phones-know-no-admin',
      'what a mini program is built from holds no types of the admin side',
      { path: '^(apps/(miniprogram|playground)|packages/wx-)', pathNot: tests },
      { path: '^packages/(core|contracts)/src/admin/' },
    ),
    forbid(
      'clients-take-types-of-the-contract',
      'no zod and no server code reaches a client',
      { path: '^(apps/(miniprogram|playground|admin)|packages/wx-)', pathNot: tests },
      {
        path: '^packages/contracts/',
        // The admin console's forms validate with the service's own zod schemas.
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
      'service-is-not-imported',
      'the service is a process; clients call it over HTTP',
      { pathNot: '^apps/api/' },
      // The tests of other packages start PostgreSQL, the built service and receivers, too.
      { path: '^apps/api/', pathNot: '^apps/api/testing/(postgres|process|receiver)/index\\.ts$' },
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
