import type { Answer, Call, Callbacks, Result } from '../call.ts'
import { ApiError } from '../call.ts'
import type { Stage } from '../stage/stage.ts'
import type { Authorizer } from './authorize.ts'
import type { Privacy } from './privacy.ts'

export interface Coordinates {
  latitude: number
  longitude: number
}

export interface LocationResult extends Result, Coordinates {
  /** Metres, as are the other accuracies and the altitude; metres a second for `speed`. */
  accuracy: number
  horizontalAccuracy: number
  verticalAccuracy: number
  altitude: number
  speed: number
}

export interface LocationOptions extends Callbacks<LocationResult> {
  type?: string | undefined
  altitude?: boolean | undefined
  isHighAccuracy?: boolean | undefined
}

export interface LocationApi {
  /** Needs `scope.userLocation`, asked for by itself; app.json must list it. */
  getLocation<O extends LocationOptions>(options?: O): Answer<O, LocationResult>
}

interface Parts {
  call: Call
  stage: Stage
  authorizer: Authorizer
  privacy: Privacy
  location: Coordinates | (() => Coordinates) | undefined
}

/** Tencent's tower by the Pearl River. */
const somewhere: Coordinates = { latitude: 23.0999, longitude: 113.3245 }

/** https://developers.weixin.qq.com/miniprogram/dev/api/location/wx.getLocation.html */
export function createLocation(parts: Parts): LocationApi {
  const { call, stage, authorizer, privacy, location = somewhere } = parts
  return {
    getLocation: (options) =>
      call('getLocation', options, async () => {
        const { manifest } = stage
        if (manifest && !manifest.requiredPrivateInfos?.includes('getLocation')) {
          throw new ApiError(
            'the api need to be declared in the requiredPrivateInfos field in app.json/ext.json',
          )
        }
        await privacy.require('getLocation')
        await authorizer.require('scope.userLocation')
        const { latitude, longitude } = typeof location === 'function' ? location() : location
        return {
          latitude,
          longitude,
          accuracy: 65,
          horizontalAccuracy: 65,
          verticalAccuracy: 65,
          altitude: 0,
          speed: -1,
        }
      }),
  }
}
