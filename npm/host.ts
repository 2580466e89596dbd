/**
 * What the constructs need and their subset of Python cannot say: files, the packager, an exception of the CDK.
 *
 * Written by hand: the twin of src/streaming_agent_construct/host.py. Both run the same packager, assets/packager,
 * which is a Python program: here uv finds a Python for it.
 */

import { spawnSync, SpawnSyncReturns } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';

import { aws_route53 as route53 } from 'aws-cdk-lib';

import { StreamingAgentError } from './errors';
import { PackagedAgent } from './packaged-agent';

/** The folder that relative paths start from. */
export function workingDirectory(): string {
  return process.cwd();
}

/** The path from the root. */
export function absolutePath(at: string): string {
  return path.resolve(at);
}

/** Whether a folder stands at the path. */
export function isDirectory(at: string): boolean {
  return found(at)?.isDirectory() ?? false;
}

/** Whether a file stands at the path. */
export function isFile(at: string): boolean {
  return found(at)?.isFile() ?? false;
}

function found(at: string): fs.Stats | undefined {
  try {
    return fs.statSync(at, { throwIfNoEntry: false });
  } catch {
    return undefined; // a path that nothing can have
  }
}

/** The folder of what this package ships to run on AWS. */
export function assetDirectory(name: string): string {
  return path.join(__dirname, '..', 'assets', name);
}

/** What one file says of what this package ships to run on AWS. */
export function assetText(name: string, file: string): string {
  return fs.readFileSync(path.join(__dirname, '..', 'assets', name, file), 'utf-8');
}

/** The name of a hosted zone, unless it was imported by its id alone. */
export function zoneName(zone: route53.IHostedZone): string | undefined {
  try {
    return zone.zoneName;
  } catch {
    return undefined;
  }
}

/** What the local run needs to know of an agent's folder, as JSON for the cloud assembly. */
export function agentMetadata(
  directory: string,
  pythonVersion: string,
  entrypoint: string[],
  exclude: string[],
): string {
  return JSON.stringify({ folder: directory, entrypoint, python: pythonVersion, exclude });
}

/** Packages the agent's folder with what it requires, for arm64 Linux, without Docker. */
export function packageAgent(
  directory: string,
  pythonVersion: string,
  entrypoint: string[],
  exclude: string[],
  output: string,
): PackagedAgent {
  const done = runPackager(JSON.stringify({ directory, python_version: pythonVersion, entrypoint, exclude, output }));
  if (done.status !== 0) {
    throw new Error(`packaging '${directory}' failed, which is a bug of streaming-agent-construct: ${done.stderr}`);
  }
  process.stderr.write(done.stderr);
  const answer = JSON.parse(done.stdout);
  if (answer.code !== undefined) {
    const sentence = answer.code === 'SAC014' ? `${WITHOUT_UV}: ${INSTALL_UV}` : inTypeScript(answer.sentence);
    throw new StreamingAgentError(answer.code, sentence);
  }
  return { path: answer.path, contentHash: answer.hash, warnings: answer.warnings, notices: answer.notices };
}

const WITHOUT_UV = "uv is not installed, and it packages the agent's requirements";
const INSTALL_UV =
  'install it as https://docs.astral.sh/uv/getting-started/installation/ says, ' +
  "or with 'brew install uv' or 'pip install uv'";

function runPackager(request: string): SpawnSyncReturns<string> {
  const environment = { ...process.env, PYTHONPATH: assetDirectory(''), PYTHONDONTWRITEBYTECODE: '1' };
  const options = { env: environment, input: request, encoding: 'utf-8' as const, maxBuffer: 2 ** 28 };
  const python = ['-m', 'packager'];
  const run = spawnSync('uv', ['run', '--quiet', '--no-project', '--python', '>=3.11', 'python', ...python], options);
  if (run.error === undefined) {
    if (run.status !== 0 && !run.stderr.includes('Traceback')) {
      const reason = run.stderr.split(/\s+/).filter(Boolean).join(' ');
      throw new StreamingAgentError(
        'SAC014',
        `uv cannot start a Python of version 3.11 or newer, which packages the agent: ${reason}: ` +
          "install one, such as with 'uv python install 3.13'",
      );
    }
    return run;
  }
  // An agent that requires nothing is packaged without uv, if there is a Python.
  const fallback = spawnSync('python3', python, options);
  if (fallback.error === undefined && fallback.status === 0) return fallback;
  process.stderr.write(fallback.stderr ?? '');
  const last = (fallback.stderr ?? '').trim().split('\n').pop();
  const failed = last
    ? `uv is not installed, and python3, which packages the agent without it, fails: ${last}`
    : WITHOUT_UV;
  throw new StreamingAgentError('SAC014', `${failed}: ${INSTALL_UV}`);
}

const QUOTED_OR_NAME =
  /(?<![A-Za-z0-9])'[^'\n]*'(?![A-Za-z0-9])|\b([a-z_]+)=(?=['[])|\b(?:from_dockerfile|python_runtime)\b/g;

/** The sentence with the names that TypeScript has, and `name: value` for `name=value`; what is quoted stays. */
function inTypeScript(sentence: string): string {
  return sentence.replace(QUOTED_OR_NAME, (found, option) => {
    if (found.startsWith("'")) return found;
    const name = (option ?? found).replace(/_(.)/g, (_: string, letter: string) => letter.toUpperCase());
    return option === undefined ? name : `${name}: `;
  });
}
