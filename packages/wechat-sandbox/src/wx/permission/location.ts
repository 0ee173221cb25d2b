import type { ApiCallbacks, ApiResult, ApiReturn, CallApi } from '../api-call.ts'
import { ApiError } from '../api-call.ts'
import type { ScreenHost } from '../screen/screen-host.ts'
import type { Authorizer } from './authorize.ts'
import type { Privacy } from './privacy.ts'

export interface Coordinates {
  latitude: number
  longitude: number
}

export interface LocationResult extends ApiResult, Coordinates {
  /** Metres, as are the other accuracies and the altitude; metres a second for `speed`. */
  accuracy: number
  horizontalAccuracy: number
  verticalAccuracy: number
  altitude: number
  speed: number
}

export interface LocationOptions extends ApiCallbacks<LocationResult> {
  type?: string | undefined
  altitude?: boolean | undefined
  isHighAccuracy?: boolean | undefined
}

export interface LocationApi {
  /** Needs `scope.userLocation`, asked for by itself; app.json must list it. */
  getLocation<O extends LocationOptions>(options?: O): ApiReturn<O, LocationResult>
}

interface LocationDependencies {
  callApi: CallApi
  screen: ScreenHost
  authorizer: Authorizer
  privacy: Privacy
  location: Coordinates | (() => Coordinates) | undefined
}

/** Tencent's tower by the Pearl River. */
const defaultLocation: Coordinates = { latitude: 23.0999, longitude: 113.3245 }

/** https://developers.weixin.qq.com/miniprogram/dev/api/location/wx.getLocation.html */
export function createLocationApi(dependencies: LocationDependencies): LocationApi {
  const { callApi, screen, authorizer, privacy, location = defaultLocation } = dependencies
  return {
    getLocation: (options) =>
      callApi('getLocation', options, async () => {
        const { manifest } = screen
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
