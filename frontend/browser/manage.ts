import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const DOOR = join(import.meta.dirname, "../../manage_all.py");

/** Runs a command of `manage_all.py` on the running system, and returns what it prints. */
export async function manage(...command: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)("python3", [DOOR, ...command]);
  return stdout.trim();
}

/** The token of a role: as the environment says, where the system runs elsewhere, or that of this checkout. */
export async function token(role: "operator" | "moderator"): Promise<string> {
  return process.env[`${role.toUpperCase()}_TOKEN`] ?? manage("token", role);
}
