/** The fields of what is sent and received, named as in JSON. The bot guide explains them. */

/** @typedef {"instagram" | "tiktok" | "youtube" | "x" | "facebook" | "threads" | "twitch"} Platform */
/** @typedef {string | Date} Time ISO 8601 with a zone. */

/**
 * @typedef {object} Account
 * @property {Platform} platform
 * @property {string} handle
 * @property {Time} measuredAt
 * @property {string | null} [externalId]
 * @property {string | null} [displayName]
 * @property {string | null} [url]
 * @property {"active" | "paused" | "private" | "suspended" | "not_found" | "error" | null} [status]
 * @property {number | null} [followers]
 * @property {string | null} [brand]
 * @property {string | null} [group] Needs a brand.
 */

/**
 * @typedef {object} Post
 * @property {Platform} platform
 * @property {string} externalId
 * @property {Time} postedAt
 * @property {number} views
 * @property {Time} measuredAt
 * @property {string | null} [handle] This or `accountExternalId` is required.
 * @property {string | null} [accountExternalId]
 * @property {number | null} [likes]
 * @property {number | null} [comments]
 * @property {number | null} [shares]
 * @property {string | null} [caption]
 * @property {string | null} [url]
 */

/**
 * Fields that are left out: see the bot guide.
 *
 * @typedef {object} Heartbeat
 * @property {number} [instance]
 * @property {"healthy" | "degraded" | "stopping"} [status]
 * @property {number} [shardCount]
 * @property {number} [shardsDown]
 * @property {number} [guildCount]
 * @property {string} [version]
 * @property {number} [latencyMs]
 * @property {Time} [startedAt]
 */

/**
 * @typedef {object} Settings
 * @property {boolean} trackingEnabled
 * @property {number} checkIntervalMinutes
 * @property {number | null} postRetentionDays null: posts are kept for ever.
 */

export {};
