/** The errors of the client. */

/** Base class of the client's errors. */
export class DashboardError extends Error {
    get name() {
        return this.constructor.name;
    }
}

/** No response arrived: a network error or a timeout. `cause` is the last one. */
export class UnreachableError extends DashboardError {}

/** A response that is no success. */
export class RequestError extends DashboardError {
    /**
     * @param {object} answer
     * @param {number} answer.status
     * @param {string} answer.title
     * @param {string} answer.detail
     * @param {string | null} [answer.requestId] The dashboard's log has the request under this id. A proxy's response
     *     has none.
     * @param {{ pointer: string, message: string }[]} [answer.errors] The invalid fields.
     * @param {number | null} [answer.retryAfter] Seconds.
     */
    constructor({ status, title, detail, requestId = null, errors = [], retryAfter = null }) {
        const fields = errors.map(({ pointer, message }) => `; ${`${pointer} ${message}`.trim()}`).join("");
        super(`${status} ${title}: ${detail}${fields}${requestId ? ` (request ${requestId})` : ""}`);
        this.status = status;
        this.title = title;
        this.detail = detail;
        this.requestId = requestId;
        this.errors = errors;
        this.retryAfter = retryAfter;
    }

    /**
     * From a problem document (RFC 9457), or from a proxy's response of any kind.
     *
     * @param {Response} response
     * @param {string} text Its body.
     * @returns {RequestError}
     */
    static read(response, text) {
        const { status, statusText, headers } = response;
        const wait = headers.get("Retry-After") ?? "";
        const retryAfter = /^[0-9]+$/.test(wait) ? Number(wait) : null;
        const requestId = headers.get("X-Request-Id");
        const problem = readProblem(text);
        if (problem === null) {
            const place = headers.get("Location");
            const detail = place ? `redirected to ${place}` : "the response is no problem document";
            return new RequestError({ status, title: statusText, detail, requestId, retryAfter });
        }
        return new RequestError({
            status, retryAfter, title: String(problem.title ?? statusText), detail: String(problem.detail ?? ""),
            requestId: problem.requestId ?? requestId, errors: fieldsOf(problem.errors),
        });
    }
}

/**
 * @param {string} text
 * @returns {Record<string, any> | null}
 */
function readProblem(text) {
    try {
        const problem = JSON.parse(text);
        return typeof problem === "object" && !Array.isArray(problem) ? problem : null;
    } catch {
        return null;
    }
}

/**
 * Of another server's document the errors may be anything.
 *
 * @param {unknown} errors
 * @returns {{ pointer: string, message: string }[]}
 */
function fieldsOf(errors) {
    return Array.isArray(errors) ? errors.filter((error) => error?.pointer != null && error.message != null) : [];
}
