#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { createProject, faultOfAppId, faultOfFolder, ProjectError } from './create-project.ts'

const help = `Makes a mini program with sign-in, and a service of its own beside mianmi.

  npm create mianmi [FOLDER] [-- --appid APPID] [--tarballs FOLDER]

  FOLDER      where to, a new or empty folder; its name is the name of the project
  --appid     your mini program's appid; a made-up one works until you use a phone
  --tarballs  takes mianmi's packages from the tarballs in this folder (npm run pack:all), not from npm
  --help, --version
`

/** An appid of the sandbox. */
const madeUpAppId = 'wx6d69616e6d690001'

const version = (): string =>
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version

/** What the project needs: its TypeScript files are run by Node as they are. */
const lowestNode = { major: 22, minor: 18 }

function requireNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const isEnough =
    major > lowestNode.major || (major === lowestNode.major && minor >= lowestNode.minor)
  if (!isEnough)
    throw new ProjectError(
      `the project needs Node ${lowestNode.major}.${lowestNode.minor} or newer, and this is ${process.versions.node}`,
    )
}

/** Asks until the answer is right; on no terminal the default answers. */
async function ask(question: string, fallback: string, faultOf: (text: string) => string | null) {
  if (!process.stdin.isTTY) return fallback
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    for (;;) {
      const answer = (await terminal.question(`${question} (${fallback}): `)).trim() || fallback
      const fault = faultOf(answer)
      if (fault === null) return answer
      console.error(fault)
    }
  } finally {
    terminal.close()
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      appid: { type: 'string' },
      tarballs: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean', short: 'v' },
    },
  })
  if (values.help) return console.log(help)
  if (values.version) return console.log(version())
  requireNode()
  if (positionals.length > 1) throw new ProjectError('name one folder')
  const folder = positionals[0] ?? (await ask('Folder', 'my-mini-program', faultOfFolder))
  const appId = values.appid ?? (await ask('AppID', madeUpAppId, faultOfAppId))
  createProject({ folder, appId, tarballs: values.tarballs })
  console.log(`
Made ${folder}. Next:

  cd ${folder}
  npm install
  npm start
`)
}

try {
  await main()
} catch (error) {
  const isExpected = error instanceof ProjectError || error instanceof TypeError
  console.error(isExpected ? `create-mianmi: ${error.message}` : error)
  process.exitCode = 1
}
