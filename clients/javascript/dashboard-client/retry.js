/** How often a request is sent again, and after which pause. */

import { RequestError, UnreachableError } from "./errors.js";

/** Every other response would be the same again. */
const RETRIED_STATUSES = [429, 502, 503, 504];

/**
 * Exponential back-off with jitter.
 *
 * @typedef {object} Retry
 * @property {number} [attempts] Requests in all. 1: no retry.
 * @property {number} [firstPauseMs]
 * @property {number} [longestPauseMs] Of a back-off. If `Retry-After` is longer, the error is thrown at once.
 */

/** @type {Required<Retry>} */
export const DEFAULT_RETRY = { attempts: 6, firstPauseMs: 1_000, longestPauseMs: 60_000 };

/**
 * The pause after a failed attempt, in milliseconds.
 *
 * @param {Required<Retry>} retry
 * @param {unknown} error
 * @param {number} attempt Counted from 1.
 * @returns {number | null} null: do not retry.
 */
export function pauseAfter({ attempts, firstPauseMs, longestPauseMs }, error, attempt) {
    if (attempt >= attempts) return null;
    if (error instanceof RequestError) {
        if (!RETRIED_STATUSES.includes(error.status)) return null;
        if (error.retryAfter !== null) {
            const told = error.retryAfter * 1_000;
            // Not all bots that were told to wait may come back at once.
            return told <= longestPauseMs ? told + Math.random() * firstPauseMs : null;
        }
    } else if (!(error instanceof UnreachableError)) {
        return null;
    }
    const backoff = Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1));
    return backoff / 2 + (Math.random() * backoff) / 2;
}
