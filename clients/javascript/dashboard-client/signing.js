/** The signature of a request: three headers, made with an API key. */

import { createHash, createHmac } from "node:crypto";

/**
 * HMAC-SHA256 in hexadecimal.
 *
 * @param {string} secret
 * @param {number} timestamp Milliseconds since 1970.
 * @param {string} method
 * @param {string} path With the query.
 * @param {string} body
 * @returns {string}
 */
export function signature(secret, timestamp, method, path, body) {
    const digest = createHash("sha256").update(body).digest("hex");
    return createHmac("sha256", secret).update([timestamp, method, path, digest].join("\n")).digest("hex");
}

/** Signs requests. */
export class Signer {
    #key;
    #secret;
    #last = 0;

    /**
     * @param {string} key
     * @param {string} secret
     * @throws {TypeError} if they have another form.
     */
    constructor(key, secret) {
        // The key is sent as it is. Exchanged with the secret, it would give that away.
        if (!String(key).startsWith("tdk_")) throw new TypeError("the id of an API key begins with tdk_");
        if (!String(secret).startsWith("tds_")) throw new TypeError("the secret of an API key begins with tds_");
        this.#key = key;
        this.#secret = secret;
    }

    /**
     * @param {string} method
     * @param {string} path
     * @param {string} body
     * @returns {Record<string, string>}
     */
    headers(method, path, body) {
        const timestamp = this.#timestamp();
        return {
            "Dashboard-Key": this.#key, "Dashboard-Timestamp": String(timestamp),
            "Dashboard-Signature": signature(this.#secret, timestamp, method, path, body),
        };
    }

    /** No value twice within a second, since the dashboard accepts each signature once. */
    #timestamp() {
        const now = Date.now();
        const ahead = this.#last - now;
        // A clock that was set back must not keep the old time for longer.
        this.#last = ahead >= 0 && ahead < 1_000 ? this.#last + 1 : now;
        return this.#last;
    }
}
