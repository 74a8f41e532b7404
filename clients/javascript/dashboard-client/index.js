/** A client of the Tracking Dashboard for bots. See README.md of the folder `clients`. */

export { Dashboard } from "./client.js";
export { DashboardError, RequestError, UnreachableError } from "./errors.js";
