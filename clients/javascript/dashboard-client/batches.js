/** Splitting items into batches, and the outcome of these. */

/** What the dashboard accepts in one request. */
const MAXIMUM_ITEMS = 1_000;
const MAXIMUM_BYTES = 8_388_608;

/** Ids, and handles, which may consist of digits. */
const TEXTS = ["handle", "externalId", "accountExternalId"];

/**
 * An item that was not stored.
 *
 * @typedef {object} Rejection
 * @property {number} index In the list that was passed, from 0.
 * @property {string | null} field The first invalid field; null if the item is no object.
 * @property {string} message
 * @property {unknown} item
 */

/**
 * What became of the items. The numbers and the rejected ones add up to all of them.
 *
 * @typedef {object} Outcome
 * @property {number} stored
 * @property {number} unchanged
 * @property {Rejection[]} rejected
 */

/**
 * Bodies of requests, each with the index of its first item. An item that is too large for any request is sent alone, and
 * refused with 413.
 *
 * @param {readonly unknown[]} items
 * @returns {Generator<{ start: number, body: string }>}
 */
export function* split(items) {
    let [start, size] = [0, 0];
    /** @type {string[]} */
    let batch = [];
    for (const [index, item] of items.entries()) {
        const text = JSON.stringify(item) ?? "null";
        const bytes = Buffer.byteLength(text);
        // 12 bytes stand around the items, one between them.
        if (batch.length > 0 && (batch.length === MAXIMUM_ITEMS || 12 + size + bytes > MAXIMUM_BYTES)) {
            yield { start, body: bodyOf(batch) };
            [start, size, batch] = [index, 0, []];
        }
        batch.push(text);
        size += bytes + 1;
    }
    if (batch.length > 0) yield { start, body: bodyOf(batch) };
}

/**
 * @param {string[]} batch
 */
function bodyOf(batch) {
    return `{"items":[${batch.join(",")}]}`;
}

/**
 * Ids are text: a number beyond 2^53 is another one before it gets here.
 *
 * @param {readonly any[]} items
 * @throws {TypeError}
 */
export function checkIds(items) {
    for (const [index, item] of items.entries()) {
        const field = TEXTS.find((name) => item?.[name] != null && typeof item[name] !== "string");
        if (field) throw new TypeError(`${field} of item ${index} must be a string, because numbers lose digits`);
    }
}

/**
 * Adds the answer to the batch that begins with `items[start]`.
 *
 * @param {Outcome} outcome
 * @param {{ stored: number, unchanged: number, rejected: Omit<Rejection, "item">[] }} answer
 * @param {number} start
 * @param {readonly unknown[]} items
 */
export function addAnswer(outcome, answer, start, items) {
    outcome.stored += answer.stored;
    outcome.unchanged += answer.unchanged;
    for (const { index, field, message } of answer.rejected) {
        outcome.rejected.push({ index: start + index, field, message, item: items[start + index] });
    }
}
