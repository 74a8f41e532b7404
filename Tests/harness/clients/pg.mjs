/**
 * What the guide's example needs of node-postgres, over psql: Debian's own package of it does not fit every Node.js.
 *
 * Statements, values and answers go to the real database.
 */

import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

class Pool {
    constructor({ connectionString }) {
        this.address = connectionString;
    }

    on() {}

    async query(text, values) {
        const quoted = text.replace(/\$(\d+)/g, (_, number) => `'${String(values[number - 1]).replaceAll("'", "''")}'`);
        const statement = `SELECT to_jsonb(answers) FROM (${quoted}) AS answers`;
        try {
            const { stdout } = await run("psql", ["-XqAt", "-v", "VERBOSITY=sqlstate", "-c", statement, this.address]);
            return { rows: stdout.split("\n").filter(Boolean).map((line) => JSON.parse(line)) };
        } catch (error) {
            const code = /ERROR: {2}(\w{5})/.exec(error.stderr)?.[1] ?? "ECONNREFUSED";
            throw Object.assign(new Error(error.stderr.replaceAll("\n", " ").trim()), { code });
        }
    }
}

export default { Pool };
