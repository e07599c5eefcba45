// Boots the AT Protocol's development network (PLC, PDS, AppView) and keeps it up until this process is ended.
//
// In: DB_POSTGRES_URL, REDIS_HOST; the folder it is run in holds node_modules. Out: one line with the ports of the PDS
// and the AppView, when all answer. Never: a listener beyond the loopback address.

import { createRequire } from "node:module";
import net from "node:net";

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (where, ...rest) {
  const options = typeof where === "object" ? where : { port: Number(where ?? 0) };
  const callback = rest.findLast((argument) => typeof argument === "function");
  return listen.call(this, { ...options, host: "127.0.0.1" }, callback);
};

const devEnv = createRequire(`${process.cwd()}/`).resolve("@atproto/dev-env");
const { TestNetwork } = await import(devEnv);
const network = await TestNetwork.create({ dbPostgresSchema: "network" });
console.log(`ports ${network.pds.port} ${network.bsky.port}`);
