import type { ApiCallbacks, ApiResult, ApiReturn, CallApi } from '../api-call.ts'
import { ApiError } from '../api-call.ts'
import type { ScreenHost } from '../screen/screen-host.ts'
import type { Authorizer } from './authorize.ts'
import type { Privacy } from './privacy.ts'

/** A position in degrees. */
export interface Coordinates {
  /** Degrees, north positive. */
  latitude: number
  /** Degrees, east positive. */
  longitude: number
}

/** Result of `wx.getLocation`. */
export interface LocationResult extends ApiResult, Coordinates {
  /** Metres, like the other accuracies and the altitude; `speed` is in metres per second. */
  accuracy: number
  /** Metres. */
  horizontalAccuracy: number
  /** Metres. */
  verticalAccuracy: number
  /** Metres. */
  altitude: number
  /** Metres per second; -1 where unknown. */
  speed: number
}

/** Options of `wx.getLocation`; all are accepted and ignored. */
export interface LocationOptions extends ApiCallbacks<LocationResult> {
  /** `wgs84` or `gcj02`. */
  type?: string | undefined
  /** Whether the altitude is needed. */
  altitude?: boolean | undefined
  /** Whether high accuracy is needed. */
  isHighAccuracy?: boolean | undefined
}

/** The position of the phone. */
export interface LocationApi {
  /** Requests `scope.userLocation` itself; app.json must list the API in `requiredPrivateInfos`. */
  getLocation<O extends LocationOptions>(options?: O): ApiReturn<O, LocationResult>
}

interface LocationDependencies {
  callApi: CallApi
  screen: ScreenHost
  authorizer: Authorizer
  privacy: Privacy
  location: Coordinates | (() => Coordinates) | undefined
}

/** Tencent's building in Guangzhou. */
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
