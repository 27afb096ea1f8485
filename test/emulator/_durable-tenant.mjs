// A tenant in a process of its own, for tests that kill it: tells its record to the parent and serves until it is gone.
import { startTenant } from "../../dist/emulator/testing.js";

const [storeDirectory] = process.argv.slice(2);
const tenant = await startTenant({ storeDirectory });
process.send({ record: tenant.record, identity: tenant.identity });
