/** The requests of a bot. */

import { addAnswer, checkIds, split } from "./batches.js";
import { Transport } from "./transport.js";

/** @typedef {import("./batches.js").Outcome} Outcome */

/**
 * The dashboard, as a bot sees it.
 *
 * Every method may throw RequestError or UnreachableError, both DashboardErrors.
 */
export class Dashboard {
    #transport;

    /**
     * @param {import("./transport.js").Options} options
     * @throws {TypeError} if the address, key or secret has another form.
     */
    constructor(options) {
        this.#transport = new Transport(options);
    }

    /**
     * Reports that the bot is alive. Call it every 30 s.
     *
     * @param {import("./fields.js").Heartbeat} [fields]
     * @returns {Promise<"online" | "degraded" | "offline">}
     */
    async heartbeat(fields = {}) {
        const { state } = await this.#post("/api/v1/bot/heartbeat", fields);
        return state;
    }

    /**
     * Registers a server, renames it, or brings it back.
     *
     * @param {string} guild
     * @param {string} name
     * @param {string | null} [icon] Discord's hash of it, not an address.
     * @returns {Promise<void>}
     */
    async joined(guild, name, icon = null) {
        await this.#post(path(guild, "joined"), { name, icon });
    }

    /**
     * Marks a server as left. Its data stays readable.
     *
     * @param {string} guild
     * @returns {Promise<void>}
     */
    async left(guild) {
        await this.#transport.send("POST", path(guild, "left"));
    }

    /**
     * Reports the length of a server's queue.
     *
     * @param {string} guild
     * @param {number} depth
     * @param {number | null} [oldestAgeSeconds]
     * @returns {Promise<void>}
     */
    async queue(guild, depth, oldestAgeSeconds = null) {
        await this.#post(path(guild, "queue"), { depth, oldestAgeSeconds });
    }

    /**
     * The settings that a server's admins made for the bot.
     *
     * @param {string} guild
     * @returns {Promise<import("./fields.js").Settings>}
     */
    async settings(guild) {
        return this.#transport.send("GET", path(guild, "settings"));
    }

    /**
     * Adds or updates any number of accounts, in as many requests as they need.
     *
     * If one of the requests fails, the batches before it are stored. Sending everything again does no harm.
     *
     * @param {string} guild
     * @param {Iterable<import("./fields.js").Account>} accounts
     * @returns {Promise<Outcome>}
     * @throws {TypeError} for an id that is no string.
     */
    async upsertAccounts(guild, accounts) {
        return this.#sendItems(path(guild, "accounts"), accounts);
    }

    /**
     * Records the numbers of any number of posts, in the same way as `upsertAccounts`.
     *
     * @param {string} guild
     * @param {Iterable<import("./fields.js").Post>} posts
     * @returns {Promise<Outcome>}
     * @throws {TypeError} for an id that is no string.
     */
    async recordPosts(guild, posts) {
        return this.#sendItems(path(guild, "posts"), posts);
    }

    /**
     * @param {string} path
     * @param {object} fields
     */
    #post(path, fields) {
        return this.#transport.send("POST", path, JSON.stringify(fields));
    }

    /**
     * @param {string} path
     * @param {Iterable<unknown>} items
     */
    async #sendItems(path, items) {
        const listed = [...items];
        checkIds(listed);
        /** @type {Outcome} */
        const outcome = { stored: 0, unchanged: 0, rejected: [] };
        for (const { start, body } of split(listed)) {
            addAnswer(outcome, await this.#transport.send("POST", path, body), start, listed);
        }
        return outcome;
    }
}

/**
 * @param {string} guild
 * @param {string} what
 */
function path(guild, what) {
    if (typeof guild !== "string" || !/^[0-9]+$/.test(guild)) {
        throw new TypeError("the id of a server must be a string of digits, because numbers lose digits");
    }
    return `/api/v1/bot/guilds/${guild}/${what}`;
}
