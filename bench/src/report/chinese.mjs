/** Headings and cells that are the same in every report. */
const phrases = {
  '`me`, authorised': '`me`，已登录',
  Logins: '登录',
  'Concurrent callers: `me`': '并发调用：`me`',
  'Concurrent callers: `miniLogin`': '并发调用：`miniLogin`',
  'Batches of `me`': '批量调用 `me`',
  'Database size': '数据库大小',
  '`me` during password checks': '密码验证期间的 `me`',
  PostgreSQL: 'PostgreSQL',
  'PostgreSQL: `me`': 'PostgreSQL：`me`',
  'PostgreSQL: `miniLogin`': 'PostgreSQL：`miniLogin`',
  'PostgreSQL: database size': 'PostgreSQL：数据库大小',
  'PostgreSQL: nodes': 'PostgreSQL：节点',
  'Start to `/readyz`, and idle memory': '启动到 `/readyz` 的时间，以及空闲内存',
  'A new process under full load: `me`': '刚启动的进程在满负载下：`me`',
  'CPU profile of `me`': '`me` 的 CPU 分布',

  server: '服务器',
  connections: '连接数',
  module: '模块',
  'calls/s': '调用/秒',
  'p50 ms': 'p50 毫秒',
  'p99 ms': 'p99 毫秒',
  'CPU µs per call': '每次调用的 CPU 微秒',
  'RSS MiB': 'RSS MiB',
  'relative to a bare route': '与裸路由之比',
  'mianmi relative to it': 'mianmi 与它之比',
  'bare route: calls/s': '裸路由：调用/秒',
  'one commit per write: calls/s': '每次写入单独提交：调用/秒',
  'calls in a batch': '一批的调用数',
  'official adapter: calls/s': '官方适配器：调用/秒',
  'users and identities (sessions: 3 ×)': '用户数与身份数（会话数是 3 倍）',
  '`me`: calls/s': '`me`：调用/秒',
  '`miniLogin`: calls/s': '`miniLogin`：调用/秒',
  'relative to the smallest': '与最小的之比',
  'p99 relative to alone': 'p99 与单独运行之比',
  'password checks/s': '密码验证/秒',
  'node µs': 'node 微秒',
  'PostgreSQL µs': 'PostgreSQL 微秒',
  'mianmi: node µs relative to it': 'mianmi：node 微秒与它之比',
  'calls/s relative to it': '调用/秒与它之比',
  procedure: 'procedure',
  'node µs relative to the smallest': 'node 微秒与最小的之比',
  'PostgreSQL µs relative to the smallest': 'PostgreSQL 微秒与最小的之比',
  nodes: '节点数',
  'logins/s': '登录/秒',
  'acknowledged logins': '已确认的登录',
  'of these lost': '其中丢失',
  'users created twice': '重复创建的用户',
  'calls with an ended session': '用已结束的会话发出的调用',
  'of these accepted': '其中被接受',
  'ready after ms': '就绪用时（毫秒）',
  'CPU ms until ready': '就绪前的 CPU 毫秒',
  'a later start of mianmi relative to it': 'mianmi 再次启动与它之比',
  'p99 ms after that': '此后的 p99 毫秒',
  'calls/s in the first second': '第 1 秒内：调用/秒',
  'idle RSS MiB': '空闲 RSS MiB',
  'share of the CPU': 'CPU 占比',

  mianmi: 'mianmi',
  'mianmi, with one log line per request (`LOG_LEVEL=info`)':
    'mianmi，每个请求一行日志（`LOG_LEVEL=info`）',
  'mianmi, first start': 'mianmi，首次启动',
  'mianmi, each later start': 'mianmi，此后每次启动',
  'mianmi, one commit per write': 'mianmi，每次写入单独提交',
  'Fastify, bare route': 'Fastify，裸路由',
  'Fastify alone, without a database': '只有 Fastify，没有数据库',
  "tRPC's own Fastify adapter": 'tRPC 官方的 Fastify 适配器',
  Hono: 'Hono',
  Express: 'Express',
  'Better Auth': 'Better Auth',
  'Better Auth, with a free password check': 'Better Auth，密码验证不耗时',
  'bare route, pool of 10': '裸路由，10 个连接的连接池',
  'bare route, grouped': '裸路由，合并查询',
  'a statement each, pool of 10': '每次调用一条语句，10 个连接的连接池',
  alone: '单独运行',
  'the rest': '其余',
}

/** Sentences and cells that contain figures. */
const patterns = [
  [/^p99 ms in the first (\d+) s$/, '前 $1 秒的 p99 毫秒'],
  [/^calls\/s after (\d+) s$/, '$1 秒后：调用/秒'],
  [/^after (\d+) s relative to later$/, '$1 秒后与更晚之比'],
  [
    /^!\[Calls per second of mianmi and its peers\]\((.+)\)$/,
    '![mianmi 与同类程序每秒的调用数]($1)',
  ],
  [/^during (\d+) concurrent password checks$/, '$1 个并发密码验证期间'],
  [
    /^(.+), (\d+) cores, (\d+) GiB, (.+), (Node [\d.]+); one core for the server, one for the load; (.+)$/,
    '$1，$2 核，$3 GiB，$4，$5；服务器和负载各用一个核；$6',
  ],
  [
    /^(.+), (\d+) cores, (\d+) GiB, (.+), (Node [\d.]+); nothing pinned to a core, so the load and the server compete for CPU time; (.+)$/,
    '$1，$2 核，$3 GiB，$4，$5；没有绑定到核，所以负载和服务器争用 CPU；$6',
  ],
  [
    /；(\d+) rounds? of ([\d.]+) s \(in the scaling sections two thirds as many, half as long\), (\d+) connections unless stated otherwise; ([\d.]+) minutes in total\. Values are medians; the brackets contain the middle half\.$/,
    '；$1 轮，每轮 $2 秒（规模部分的轮数是三分之二，时长是一半），未注明时 $3 个连接；总共 $4 分钟。数值是中位数，括号里是中间的一半。',
  ],
  [
    /^Other programs used (\d+ %) of the server's core in the median measurement, and (\d+ %) in the worst\.$/,
    '其他程序占用服务器所在的核：中位数 $1，最高 $2。',
  ],
  [/^The load of other programs is unknown\.$/, '其他程序的负载未知。'],
  [
    /^Disk: syncing an append to a file took (.+) ms \((.+)\), measured before and after the run\.$/,
    '磁盘：在文件末尾追加并同步用时 $1 毫秒（$2），在运行之前和之后测量。',
  ],
  [
    /^¹ The load used more than 90 % of its core, so this server can do more than is shown\.$/,
    '¹ 负载占用了它所在的核的 90 % 以上，所以这个服务器的能力高于表中的数值。',
  ],
  [/^Not measured: PostgreSQL is not installed\.$/, '没有测量：未安装 PostgreSQL。'],
]

/** Figures, file names in backticks and the rule of a table are the same in both languages. */
const isLanguageFree = (text) => /^(?:[\d\s.,()–×%¹:-]*|`[^`]+`)$/.test(text)

function translate(text) {
  if (isLanguageFree(text)) return text
  const phrase = phrases[text]
  if (phrase !== undefined) return phrase
  const translated = patterns.reduce((result, [from, to]) => result.replace(from, to), text)
  if (translated === text) throw new Error(`bench/src/report/chinese.mjs lacks “${text}”`)
  return translated
}

function translateLine(line) {
  if (line.startsWith('### ')) return `### ${translate(line.slice(4))}`
  if (!line.startsWith('|')) return translate(line)
  const cells = line.slice(1, -1).split('|')
  return `| ${cells.map((cell) => translate(cell.trim())).join(' | ')} |`
}

/**
 * Translates a report in Markdown to Chinese; the figures stay as they are.
 *
 * @throws {Error} names the first text that has no translation here.
 */
export const toChinese = (markdown) => markdown.split('\n').map(translateLine).join('\n')
