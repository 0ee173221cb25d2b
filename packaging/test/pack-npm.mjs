import { createRequire } from 'node:module'
import process from 'node:process'

/**
 * 构建 npm: `node pack-npm.mjs PACKAGE_JSON FOLDER` prints what packNpmManually reports. A process of its own, because
 * miniprogram-ci keeps the one that it was loaded into alive.
 *
 * https://developers.weixin.qq.com/miniprogram/dev/devtools/ci.html
 */
const [packageJsonPath, miniprogramNpmDistDir] = process.argv.slice(2)
// The whole module loads its compiler, which is not installed: see .pnpmfile.mjs.
const { packNpmManually } = createRequire(import.meta.url)(
  'miniprogram-ci/dist/modules/corecompiler/original/npm/packnpm.js',
)
const report = await packNpmManually({ packageJsonPath, miniprogramNpmDistDir })
process.stdout.write(JSON.stringify(report), () => process.exit())
