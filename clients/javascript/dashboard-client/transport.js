/** Signed requests over HTTP, with retries. */

import { setTimeout as sleep } from "node:timers/promises";

import { RequestError, UnreachableError } from "./errors.js";
import { DEFAULT_RETRY, pauseAfter } from "./retry.js";
import { Signer } from "./signing.js";

/**
 * @typedef {object} Options
 * @property {string} url Like https://dashboard.example.org
 * @property {string} key The id of the API key, tdk_…
 * @property {string} secret tds_…
 * @property {number} [timeoutMs] For each attempt; 30 s.
 * @property {import("./retry.js").Retry} [retry]
 * @property {(error: Error, pauseMs: number) => void} [onRetry] Called before each pause, for a log.
 */

/** Sends requests and reads their responses. */
export class Transport {
    #origin;
    #signer;
    #timeoutMs;
    #retry;
    #onRetry;

    /**
     * @param {Options} options
     * @throws {TypeError} if the address, key or secret has another form.
     */
    constructor({ url, key, secret, timeoutMs = 30_000, retry = {}, onRetry = () => {} }) {
        const { protocol, origin, pathname, search, hash } = new URL(url);
        if (!["https:", "http:"].includes(protocol) || pathname !== "/" || search || hash) {
            throw new TypeError("the address must be like https://dashboard.example.org, without a path");
        }
        this.#origin = origin;
        this.#signer = new Signer(key, secret);
        this.#timeoutMs = timeoutMs;
        this.#retry = { ...DEFAULT_RETRY, ...retry };
        this.#onRetry = onRetry;
    }

    /**
     * Sends a request. Each attempt is signed anew.
     *
     * @param {string} method
     * @param {string} path
     * @param {string} [body]
     * @returns {Promise<any>} The JSON of the response; null if it is empty.
     * @throws {RequestError | UnreachableError} once a retry is pointless or all attempts failed.
     */
    async send(method, path, body = "") {
        for (let attempt = 1; ; attempt += 1) {
            try {
                return await this.#sendOnce(method, path, body);
            } catch (error) {
                const pause = pauseAfter(this.#retry, error, attempt);
                if (pause === null) throw error;
                this.#onRetry(/** @type {Error} */ (error), pause);
                await sleep(pause);
            }
        }
    }

    /**
     * @param {string} method
     * @param {string} path
     * @param {string} body
     */
    async #sendOnce(method, path, body) {
        const headers = {
            Accept: "application/json", "Content-Type": "application/json", "User-Agent": "dashboard-client-javascript",
            ...this.#signer.headers(method, path, body),
        };
        const [response, text] = await this.#exchange(path, { method, headers, body: body || undefined });
        if (!response.ok) throw RequestError.read(response, text);
        if (text === "") return null;
        try {
            return JSON.parse(text);
        } catch {
            const requestId = response.headers.get("X-Request-Id");
            const detail = "the response is not JSON";
            throw new RequestError({ status: response.status, title: "Unexpected response", detail, requestId });
        }
    }

    /**
     * @param {string} path
     * @param {RequestInit} request
     * @returns {Promise<[Response, string]>}
     */
    async #exchange(path, request) {
        try {
            // A signature is for one address, and a redirected POST would become a GET.
            const response = await fetch(this.#origin + path, {
                ...request, redirect: "manual", signal: AbortSignal.timeout(this.#timeoutMs),
            });
            return [response, await response.text()];
        } catch (error) {
            const { cause, message } = /** @type {Error} */ (error);
            const reason = cause instanceof Error ? cause.message || String(cause) : message;
            throw new UnreachableError(`${this.#origin} is unreachable: ${reason}`, { cause: error });
        }
    }
}
