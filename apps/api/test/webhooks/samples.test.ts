import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { signatureHeaders } from '../../src/webhooks/signature.ts'

const docs = fileURLToPath(new URL('../../../../docs', import.meta.url))

/** The functions that verify a call, by language, without their comments. */
function samplesIn(page: string): Map<string, string> {
  const blocks = readFileSync(join(docs, page), 'utf8').matchAll(/^```(\w+)\n(.*?)^```$/gms)
  return new Map(
    [...blocks].map(([, language = '', code = '']) => [
      language,
      code.replaceAll(/ *(?:\/\/|#) .*$|^\/\*\* .*$/gm, ''),
    ]),
  )
}

const samples = samplesIn('webhooks.md')
const secret = `whsec_${Buffer.alloc(32, 'secret 1').toString('base64')}`
const other = `whsec_${Buffer.alloc(32, 'secret 2').toString('base64')}`
const body = JSON.stringify({ type: 'user.created', data: { nickname: '小免' } })

const signed = (change: { at?: number; secrets?: string[]; text?: string } = {}): string[] => {
  const { at = Date.now(), secrets = [secret], text = body } = change
  const headers = signatureHeaders({ id: 'evt_1', at, body, secrets })
  return [...Object.values(headers), Buffer.from(text).toString('base64')]
}

const minutes = (count: number): number => Date.now() + count * 60_000
const calls: readonly { readonly name: string; readonly call: string[]; readonly ok: boolean }[] = [
  { name: 'signed', ok: true, call: signed() },
  { name: 'signed by two secrets', ok: true, call: signed({ secrets: [other, secret] }) },
  { name: 'altered', ok: false, call: signed({ text: body.replace('created', 'deleted') }) },
  { name: 'truncated', ok: false, call: signed({ text: body.slice(0, -1) }) },
  { name: 'forged', ok: false, call: signed({ secrets: [other] }) },
  { name: 'without webhook-signature', ok: false, call: signed({ secrets: [] }) },
  { name: 'of six minutes ago', ok: false, call: signed({ at: minutes(-6) }) },
  { name: 'of a time to come', ok: false, call: signed({ at: minutes(6) }) },
  { name: 'without a time', ok: false, call: signed().with(1, 'now') },
  { name: 'with a digit that is no number', ok: false, call: signed().with(1, '²') },
  { name: 'with thousands of digits', ok: false, call: signed().with(1, '1'.repeat(5000)) },
  ...['id', 'timestamp'].map((header, index) => {
    return { name: `without webhook-${header}`, ok: false, call: signed().with(index, '') }
  }),
]

interface Runner {
  readonly language: string
  readonly program: string
  readonly args: readonly string[]
  readonly file: string
  /** Whether the gate installs the program. */
  readonly isInGate: boolean
  /** The sample with a main that prints a line for each call, from arguments of four each; an empty one: no such header. */
  readonly wrap: (sample: string) => string
}

const runners: readonly Runner[] = [
  {
    ...{ language: 'js', program: process.execPath, args: [], file: 'main.mjs', isInGate: true },
    wrap: (sample) => `${sample}
const [secret, ...args] = process.argv.slice(2)
for (let i = 0; i < args.length; i += 4) {
  const [id, at, signature, body] = args.slice(i, i + 4)
  const all = { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature }
  const headers = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''))
  try { verify(secret, headers, Buffer.from(body, 'base64').toString()); console.log(true) } catch { console.log(false) }
}`,
  },
  {
    ...{ language: 'python', program: '/usr/bin/python3', args: [], file: 'main.py' },
    isInGate: true,
    wrap: (sample) => `${sample}
import sys
args = sys.argv[2:]
for i in range(0, len(args), 4):
    names = ["webhook-id", "webhook-timestamp", "webhook-signature"]
    headers = {name: value for name, value in zip(names, args[i:i + 3]) if value != ""}
    print(str(verify(sys.argv[1], headers, base64.b64decode(args[i + 3]))).lower())`,
  },
  {
    ...{ language: 'php', program: '/usr/bin/php', args: [], file: 'main.php', isInGate: true },
    wrap: (sample) => `<?php
${sample}
foreach (array_chunk(array_slice($argv, 2), 4) as [$id, $at, $signature, $body]) {
    $headers = array_filter(['webhook-id' => $id, 'webhook-timestamp' => $at, 'webhook-signature' => $signature]);
    echo json_encode(verify($argv[1], $headers, base64_decode($body))), "\\n";
}`,
  },
  {
    ...{ language: 'java', program: '/usr/bin/java', args: [], file: 'Main.java', isInGate: false },
    wrap: (sample) => `class Main {
${sample}
  static String header(String text) { return text.isEmpty() ? null : text; }
  public static void main(String[] a) throws Exception {
    for (int i = 1; i < a.length; i += 4)
      System.out.println(verify(a[0], header(a[i]), header(a[i + 1]), header(a[i + 2]), java.util.Base64.getDecoder().decode(a[i + 3])));
  }
}`,
  },
  {
    ...{ language: 'go', program: '/usr/bin/go', args: ['run'], file: 'main.go', isInGate: false },
    wrap: (sample) => `package main
import ("crypto/hmac"; "crypto/sha256"; "encoding/base64"; "fmt"; "net/http"; "os"; "strconv"; "strings"; "time")
${sample}
func main() {
	for i := 2; i < len(os.Args); i += 4 {
		h := http.Header{}
		for j, name := range []string{"webhook-id", "webhook-timestamp", "webhook-signature"} {
			if os.Args[i+j] != "" { h.Set(name, os.Args[i+j]) }
		}
		body, _ := base64.StdEncoding.DecodeString(os.Args[i+3])
		fmt.Println(verify(os.Args[1], h, body))
	}
}`,
  },
]

/** In the gate a program that it installs must be there. Elsewhere what is missing is left out. */
const isInCi = process.env['CI'] === 'true'

function run({ program, args, file, wrap }: Runner, sample: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'mianmi-webhook-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, file), wrap(sample))
  const given = calls.flatMap(({ call }) => call)
  const all = [...args, join(folder, file), secret, ...given]
  return execFileSync(program, all, { encoding: 'utf8' }).trim().split('\n')
}

describe('the functions of docs/webhooks.md', () => {
  it.each(runners.filter(({ program, isInGate }) => existsSync(program) || (isInGate && isInCi)))(
    '$language accepts what is signed, and nothing else',
    (runner) => {
      const sample = samples.get(runner.language) ?? ''
      expect(sample.trim().split('\n').length).toBeLessThanOrEqual(15)
      const found = run(runner, sample)
      expect(calls.map(({ name }, index) => [name, found[index]])).toEqual(
        calls.map(({ name, ok }) => [name, String(ok)]),
      )
    },
  )

  it('are the same in both languages', () => {
    const inChinese = samplesIn('webhooks.zh-CN.md')
    for (const { language } of runners) expect(inChinese.get(language)).toBe(samples.get(language))
  })
})
