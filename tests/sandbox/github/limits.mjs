import { ApiError } from './errors.mjs';

const HOUR = 3600000;
const MINUTE = 60000;
const PARDONED = 3;

export const DEFAULT_LIMITS = {
  rest: null,
  graphql: null,
  restStatus: 403,
  contentPerMinute: 80,
  contentPerHour: 500,
  gitIsContent: false,
  concurrent: 100,
  restPointsPerMinute: 900,
  graphqlPointsPerMinute: 2000,
  secondaryStatus: 403,
  retryAfter: 60,
};

const hourly = (actor) => ({ none: 60, actions: 1000 }[actor.kind] ?? 5000);

/**
 * Whether a request shows that its client does not obey a limit that it knows. Requests of the same moment
 * may have been under way already; a few of them are pardoned.
 */
function ignores(limit, now) {
  if (limit.told === null) return false;
  limit.told.since += 1;
  return now > limit.told.at || limit.told.since > PARDONED;
}

class Window {
  constructor(span) {
    this.span = span;
    this.marks = [];
    this.sum = 0;
  }

  add(now, points) {
    this.marks.push([now, points]);
    this.sum += points;
  }

  total(now) {
    while (this.marks.length && this.marks[0][0] <= now - this.span) this.sum -= this.marks.shift()[1];
    return this.sum;
  }
}

/** Primary and secondary rate limits, per token, by the sandbox's clock. */
export class Limits {
  constructor(clock, config) {
    this.clock = clock;
    this.config = config;
    this.tokens = new Map();
  }

  #of(actor) {
    const key = actor.token ?? 'anonymous';
    if (!this.tokens.has(key)) {
      this.tokens.set(key, {
        primary: {}, minute: new Map(), content: [new Window(MINUTE), new Window(HOUR)],
        blockedUntil: 0, told: null, inFlight: 0,
      });
    }
    return this.tokens.get(key);
  }

  primary(actor, resource) {
    const state = this.#of(actor).primary;
    const now = this.clock.now();
    if (!state[resource] || state[resource].reset <= now) {
      state[resource] = { used: 0, reset: Math.floor(now / 1000) * 1000 + HOUR, told: null };
    }
    const wanted = resource === 'graphql' ? this.config.graphql : this.config.rest;
    const window = state[resource];
    window.limit = wanted ?? hourly(actor);
    window.remaining = Math.max(0, window.limit - window.used);
    return window;
  }

  spend(actor, resource, points) {
    this.primary(actor, resource).used += points;
    return this.primary(actor, resource);
  }

  headers(actor, resource) {
    const { limit, remaining, used, reset } = this.primary(actor, resource);
    return {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(remaining),
      'x-ratelimit-used': String(Math.min(used, limit)),
      'x-ratelimit-reset': String(Math.floor(reset / 1000)),
      'x-ratelimit-resource': resource,
    };
  }

  /** Throws when the primary budget is spent; asking again after that is the client's fault. */
  admit(actor, resource, blame) {
    const window = this.primary(actor, resource);
    if (window.remaining > 0) return;
    if (ignores(window, this.clock.now())) blame('ignored-rate-limit', { resource });
    const whom = actor.isInstallation ? `installation ID ${actor.user.id}` : `user ID ${actor.user?.id ?? 0}`;
    throw new ApiError(this.config.restStatus, `API rate limit exceeded for ${whom}.`,
      { type: 'RATE_LIMITED', limit: window });
  }

  #refuse(state) {
    const { retryAfter, secondaryStatus } = this.config;
    state.blockedUntil = this.clock.now() + (retryAfter ?? 60) * 1000;
    return new ApiError(secondaryStatus,
      'You have exceeded a secondary rate limit. Please wait a few minutes before you try again. ' +
      'For more on scraping GitHub and how it may affect your rights, please review our Terms of Service.',
      { headers: retryAfter === null ? {} : { 'retry-after': String(retryAfter) }, type: 'SECONDARY', limit: state });
  }

  /** Starts a secondary limit, which the client learns of with its next request. */
  block(actor) {
    const state = this.#of(actor);
    this.#refuse(state);
    state.told = null;
  }

  enter(actor, blame) {
    const state = this.#of(actor);
    const now = this.clock.now();
    if (state.blockedUntil > now) {
      if (ignores(state, now)) blame('ignored-retry-after', { early: state.blockedUntil - now });
      throw this.#refuse(state);
    }
    state.told = null;
    if (state.inFlight >= this.config.concurrent) throw this.#refuse(state);
    state.inFlight += 1;
  }

  leave(actor) {
    this.#of(actor).inFlight -= 1;
  }

  /** Counts points of one endpoint, and content if the request creates any; throws when over. */
  secondary(actor, endpoint, points, contents) {
    const state = this.#of(actor);
    const now = this.clock.now();
    if (!state.minute.has(endpoint)) state.minute.set(endpoint, new Window(MINUTE));
    const window = state.minute.get(endpoint);
    const ceiling = endpoint === 'graphql' ? this.config.graphqlPointsPerMinute : this.config.restPointsPerMinute;
    if (window.total(now) + points > ceiling) throw this.#refuse(state);
    window.add(now, points);
    if (!contents) return;
    const [minute, hour] = state.content;
    if (minute.total(now) >= this.config.contentPerMinute || hour.total(now) >= this.config.contentPerHour) {
      throw this.#refuse(state);
    }
    minute.add(now, contents);
    hour.add(now, contents);
  }
}
