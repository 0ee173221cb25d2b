import type { World } from '../world.ts'
import type { Device, Installation } from './phone.ts'

export function createDevice(
  world: World,
  { person, name }: { person: string; name: string },
): Device {
  const apps = new Map<string, Installation>()
  const device: Device = {
    name,
    person,
    address: `203.0.113.${world.devices.length + 1}`,
    promises: world.random.chance(0.3) ? 'tasks' : 'microtasks',
    clockOffset: 0,
    isOffline: false,
    apps,
  }
  for (const appId of world.config.appIds)
    apps.set(appId, {
      device,
      appId,
      storage: new Map(),
      storageMood: 'well',
      storageFailedAt: Number.NEGATIVE_INFINITY,
      writeFailedAt: Number.NEGATIVE_INFINITY,
      contexts: [],
      opened: 0,
      closedAt: Number.NEGATIVE_INFINITY,
      intent: 'none',
      intentSince: Number.NEGATIVE_INFINITY,
      decisions: 0,
      isIntentClear: true,
      signOut: null,
    })
  return device
}
