/** Calls methods of the JavaScript client, as standard input says, and prints what they return or throw. */

import { readFileSync } from "node:fs";

import { Dashboard, RequestError } from "./dashboard-client/index.js";

const order = JSON.parse(readFileSync(0, "utf8"));
const dashboard = new Dashboard({ ...order, retry: order });

async function call([method, ...values]) {
    try {
        return { result: (await dashboard[method](...values)) ?? null };
    } catch (error) {
        const told = { error: error.name, text: error.message };
        if (!(error instanceof RequestError)) return told;
        const { status, title, detail, requestId, errors, retryAfter } = error;
        return { ...told, status, title, detail, requestId, errors, retryAfter };
    }
}

const results = [];
if (order.atOnce) results.push(...(await Promise.all(order.calls.map(call))));
else for (const one of order.calls) results.push(await call(one));
console.log(JSON.stringify(results));
