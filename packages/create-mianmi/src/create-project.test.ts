import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createProject, faultOfAppId, faultOfFolder, ProjectError } from './create-project.ts'

/** What a project contains, and that it works, is tested from the tarball: packaging/test/create-mianmi.test.ts. */

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'create-mianmi-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

it.each(['my-app', 'a', '1st.app_2', 'deep/er/app'])('takes the folder %s', (folder) => {
  expect(faultOfFolder(folder)).toBeNull()
})

it.each(['My-App', '我的小程序', '.app', 'a b', 'node_modules', `a${'b'.repeat(100)}`])(
  'refuses the folder %s, whose name is no name of a package',
  (folder) => {
    expect(faultOfFolder(folder)).toContain('small letters')
  },
)

it('takes an empty folder and one with a repository, and refuses any other that is there', () => {
  const folder = join(emptyFolder(), 'app')
  mkdirSync(folder)
  expect(faultOfFolder(folder)).toBeNull()
  mkdirSync(join(folder, '.git'))
  expect(faultOfFolder(folder)).toBeNull()
  writeFileSync(join(folder, 'mine.txt'), 'mine')
  expect(faultOfFolder(folder)).toContain('is not empty')
  const options = { folder, appId: 'wx0123456789abcdef' }
  expect(() => createProject(options)).toThrow(ProjectError)
  expect(readdirSync(folder).sort()).toEqual(['.git', 'mine.txt'])
})

it.each([
  ['wx0123456789abcdef', null],
  ['wx0123456789ABCDEF', 'an appid is wx and 16 hexadecimal digits'],
  ['wx0123456789abcde', 'an appid is wx and 16 hexadecimal digits'],
  ['', 'an appid is wx and 16 hexadecimal digits'],
])('the appid %j: %s', (appId, fault) => {
  expect(faultOfAppId(appId)).toBe(fault)
})
