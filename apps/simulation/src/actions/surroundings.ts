import { moods } from '../world/wechat/moods.ts'
import { type Action, later } from './action.ts'
import { bindByNumber } from './sequences.ts'

const minute = 60_000
const day = 24 * 60 * minute

const wechatFails: Action = {
  name: 'WeChat begins to fail',
  weight: 2,
  play({ wechat, random, story }) {
    wechat.mood = random.pick(moods)
    story.note(() => `WeChat is ${wechat.mood} from now on`)
  },
}

const wechatRecovers: Action = {
  name: 'WeChat works again',
  weight: 7,
  isNeeded: true,
  play({ wechat, story }) {
    if (wechat.mood === 'well') return
    wechat.mood = 'well'
    story.note(() => 'WeChat works again')
  },
}

const forgetUnionid: Action = {
  name: 'WeChat leaves out the unionid',
  weight: 2,
  play({ wechat, story }) {
    wechat.forgetsUnionid = true
    story.note(() => 'WeChat will leave out the next unionid')
  },
}

const linkApp: Action = {
  name: 'an app joins the Open Platform account',
  weight: 1.5,
  play({ wechat, config, random, story, timeline }) {
    const appId = random.pick(config.appIds)
    if (wechat.platforms.get(appId) !== null) return
    wechat.platforms.set(appId, 'P')
    wechat.platformsChangedAt = timeline.now
    story.note(() => `“${appId}” gets unionids from now on`)
  },
}

const moveApps: Action = {
  name: 'all apps move to another Open Platform account',
  weight: 0.6,
  play({ wechat, story, timeline }) {
    if ([...wechat.platforms.values()].includes('Q')) return
    wechat.platformsChangedAt = timeline.now
    for (const [appId, platform] of wechat.platforms)
      if (platform !== null) wechat.platforms.set(appId, 'Q')
    story.note(() => 'the apps move to another Open Platform account: every unionid is another one')
  },
}

const blockPerson: Action = {
  name: 'WeChat blocks or unblocks a person',
  weight: 0.5,
  play({ wechat, people, random, story }) {
    const { name } = random.pick(people)
    if (wechat.blocked.delete(name)) return story.note(() => `WeChat no longer blocks ${name}`)
    wechat.blocked.add(name)
    story.note(() => `WeChat blocks ${name}`)
  },
}

const renewAccessToken: Action = {
  name: 'WeChat replaces the access token of the service',
  weight: 1,
  play(world) {
    world.wechat.accessTokenReplacedAt = world.timeline.now
    world.wechat.accessToken = `access-${++world.serials.names}`
    world.story.note(() => 'WeChat replaces the access token of the service')
  },
}

const killNode: Action = {
  name: 'a node dies',
  weight: 3,
  play({ nodes, random, story }) {
    const node = random.pick(nodes)
    if (node.life === null) return
    const moments = random.below(12)
    story.note(() => `${node.name} dies${moments > 0 ? ' in the middle of what it does next' : ''}`)
    if (moments === 0) node.kill()
    else node.life.endIn(moments)
  },
}

const startNode: Action = {
  name: 'dead nodes start',
  weight: 10,
  isNeeded: true,
  play({ nodes, story }) {
    for (const node of nodes) {
      if (node.life !== null) continue
      node.start()
      story.note(() => `${node.name} starts`)
    }
  },
}

/** SECRET_KEY is changed node by node: each lists the new key first, once all of them list it. */
const changeKeys: Action = {
  name: 'SECRET_KEY is changed on a node',
  weight: 2,
  play({ nodes, random, story }) {
    const newest = Math.max(...nodes.flatMap(({ keys }) => keys))
    const lacking = nodes.filter(({ keys }) => !keys.includes(newest))
    const behind = nodes.filter(({ keys }) => keys[0] !== newest)
    const node = random.pick(lacking.length > 0 ? lacking : behind.length > 0 ? behind : nodes)
    const next =
      lacking.length > 0 ? newest : behind.length > 0 ? null : newest < 3 ? newest + 1 : null
    node.keys =
      next === null ? [newest, ...node.keys.filter((key) => key !== newest)] : [...node.keys, next]
    node.kill()
    node.start()
    story.note(() => `${node.name} starts with SECRET_KEY ${node.keys.join(', ')}`)
  },
}

/** How long a node may go by the clock of the database as it was before, in ms: it measures each 30 s (`database-clock.ts` of the service). */
const measuredAgain = 30_000

/**
 * One node goes by the clock of its machine. Several go by that of their database, whatever those of their machines say, and
 * follow when it jumps (docs/many-nodes.md).
 */
const serviceClock: Action = {
  name: 'the clock of the service jumps',
  weight: 1,
  isPlayedSlow: () => false,
  play(world) {
    const { nodes, random, timeline } = world
    const before = world.serviceClock
    // Ten minutes are what the service says it bears.
    world.serviceClock = random.pick([0, random.between(-300, 300) * 1_000])
    for (const node of nodes)
      timeline.after(nodes.length === 1 ? 0 : random.between(0, measuredAgain), () => {
        if (node.clockOffset === world.serviceClock) return
        node.clockOffset = world.serviceClock
        world.clockJumpedAt = timeline.now
      })
    world.story.note(
      () =>
        `the clock of ${nodes.length === 1 ? 'the node' : 'the database'} goes from ${before / 1_000} s to ${world.serviceClock / 1_000} s off`,
    )
  },
}

const passTime: Action = {
  name: 'time passes',
  weight: 4,
  isPlayedSlow: () => false,
  play({ timeline, random, story }) {
    const isLong = random.chance(0.15)
    const time = isLong
      ? random.pick([day, 8 * day, 32 * day])
      : random.pick([16 * minute, 16 * minute, 180 * minute])
    story.note(() => `${describeTime(time)} pass`)
    timeline.runUntil(timeline.now + time)
  },
}

const describeTime = (ms: number): string =>
  ms >= day
    ? `${ms / day} days`
    : ms >= 60 * minute
      ? `${ms / 60 / minute} hours`
      : `${ms / minute} minutes`

const handNumberOn: Action = {
  name: 'a carrier gives a number to another person',
  weight: 0.8,
  // The 91 days may be left out where no proof of a number vouches for its owner.
  isPlayedSlow: ({ phoneTrust }) => phoneTrust === 0,
  play(world) {
    const { people, random, timeline, story } = world
    const { withNumberAlone } = world
    const owner =
      withNumberAlone !== null && random.chance(0.6) ? withNumberAlone : random.pick(people)
    const next = random.pick(people)
    const { number } = owner
    if (owner === next || number === null) return
    owner.number = null
    // Carriers keep a returned number out of use for 90 days.
    timeline.runUntil(timeline.now + 91 * day)
    next.number = number
    story.note(
      () => `91 days after ${owner.name} gave back ${number}, the carrier gives it to ${next.name}`,
    )
    if (world.random.chance(0.8))
      later(world, world.random.between(0, 3_000), () => bindByNumber(world, next))
  },
}

export const surroundings: readonly Action[] = [
  wechatFails,
  wechatRecovers,
  forgetUnionid,
  linkApp,
  moveApps,
  blockPerson,
  renewAccessToken,
  killNode,
  startNode,
  changeKeys,
  serviceClock,
  passTime,
  handNumberOn,
]
