import { execFile, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { delimiter, dirname } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { onEnd } from './signals.mjs'

/** The major version that is fetched where the machine has an older Node than the project needs. */
const fetched = 24

/** `>=22.15` of package.json, as [22, 15]. */
const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const lowest = engines.node.match(/\d+/g).map(Number)

function isNewEnough([major, minor]) {
  return major > lowest[0] || (major === lowest[0] && minor >= lowest[1])
}

/**
 * Returns on a Node that the project runs on. On an older one it fetches Node 24 from the npm registry (npx
 * keeps it in npm's cache), runs the same script on it with the same arguments, and ends with its exit code.
 * Everything that the script starts finds this Node first on the PATH.
 *
 * Works on Node 18 and newer, so it uses nothing younger.
 */
export async function ensureNode() {
  // An npx that started this process must not tell the next one which packages to bring.
  delete process.env.npm_config_package
  if (isNewEnough(process.versions.node.split('.').map(Number))) return
  console.error(
    `mianmi needs Node ${engines.node} and this is ${process.versions.node}: going on with Node ${fetched} from the npm registry (fetched once, kept in npm's cache).`,
  )
  const node = await fetchNode()
  const child = spawn(node, process.argv.slice(1), {
    stdio: 'inherit',
    env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` },
  })
  // This process ends when the child has.
  onEnd((signal) => child.kill(signal))
  const code = await new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(error.message)
      resolve(1)
    })
    child.once('exit', (exitCode) => resolve(exitCode ?? 1))
  })
  process.exit(code)
}

/** The path of the fetched Node's executable. Ends this process with one line where it cannot be fetched. */
async function fetchNode() {
  const args = ['--yes', '--prefer-offline', '-p', `node@${fetched}`, '--', 'node', '-p']
  const fetching = promisify(execFile)('npx', [...args, 'process.execPath'], {
    // npx is a script, which Windows starts through its shell only.
    shell: process.platform === 'win32',
  })
  onEnd(() => {
    fetching.child.kill()
    process.exit(130)
  })
  try {
    const { stdout } = await fetching
    return stdout.trim().split('\n').pop()
  } catch (error) {
    const reason = String(error.stderr || error.message)
      .trim()
      .split('\n')[0]
    console.error(`Node ${fetched} could not be fetched (${reason}). Install Node ${engines.node}.`)
    return process.exit(1)
  }
}
