// Before `npm start` and `npm test`: an older Node would fail at the first TypeScript file, with no hint why.
import { readFileSync } from 'node:fs'
import process from 'node:process'

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const [major, minor] = engines.node.match(/\d+/g).map(Number)
const [ownMajor, ownMinor] = process.versions.node.split('.').map(Number)
if (ownMajor < major || (ownMajor === major && ownMinor < minor)) {
  console.error(`Node ${engines.node} is needed, and this is ${process.versions.node}.`)
  process.exit(1)
}
