/**
 * What the constructs ask of the machine: which files exist, and uv to package an agent's folder for AgentCore.
 *
 * Written by hand: the twin of src/streaming_agent_construct/host.py, with the same names, sentences and results.
 */

import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

import { StreamingAgentError } from './errors';

// AgentCore's direct code deployment runs on arm64 Linux (AC runtime-get-started-code-deploy).
const PLATFORM = 'aarch64-manylinux_2_28';
// An unpacked deployment package may hold 750 MB (AC bedrock-agentcore-limits).
const UNPACKED_LIMIT_BYTES = 750 * 1000 * 1000;
// Left by installers beside the packages; each differs from machine to machine or run to run, and none is needed to run.
const INSTALLER_TRACES = ['uv_cache.json', 'uv_build.json', 'direct_url.json', 'RECORD', 'INSTALLER', 'REQUESTED'];

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

/** Whether the folder names packages that its code needs. */
export function hasRequirements(directory: string): boolean {
  return requirements(directory) !== undefined;
}

/** Copies the agent's folder and installs what it requires beside it, for arm64 Linux, without Docker. */
export function packageAgent(directory: string, pythonVersion: string, exclude: string[]): string {
  const source = requirements(directory);
  const target = fs.mkdtempSync(path.join(os.tmpdir(), 'streaming-agent-'));
  process.once('exit', () => fs.rmSync(target, { recursive: true, force: true }));
  if (source !== undefined) {
    install(directory, source, pythonVersion, target);
  }
  // The agent's own files come last: they win over a package's file of the same name.
  const stays = exclude.map(shellPattern);
  fs.cpSync(directory, target, {
    recursive: true,
    dereference: true,
    filter: (from) => from === directory || !stays.some((pattern) => pattern.test(path.basename(from))),
  });
  const size = filesBelow(target).reduce((sum, file) => sum + fs.statSync(file).size, 0);
  if (size > UNPACKED_LIMIT_BYTES) {
    throw new StreamingAgentError(
      'SAC016',
      `the agent '${directory}' and its requirements take ${Math.floor(size / 1000 ** 2)} MB, and AgentCore takes ` +
        '750 MB unpacked: leave packages out, or build an image with AgentSource.from_dockerfile',
    );
  }
  return target;
}

function requirements(directory: string): string | undefined {
  return ['requirements.txt', 'pyproject.toml'].map((name) => path.join(directory, name)).find(isFile);
}

function install(directory: string, source: string, pythonVersion: string, target: string): void {
  let from = source;
  if (path.basename(source) === 'pyproject.toml' && isFile(path.join(directory, 'uv.lock'))) {
    from = path.join(target, 'uv.lock.requirements.txt');
    runUv(['export', '--quiet', '--frozen', '--no-dev', '--no-emit-project', '-o', from], directory);
  }
  const options = ['--only-binary', ':all:', '--no-compile-bytecode', '--python-platform', PLATFORM];
  runUv(
    ['pip', 'install', '--quiet', '--target', target, ...options, '--python-version', pythonVersion, '-r', from],
    directory,
  );
  makeReproducible(target);
}

function runUv(args: string[], directory: string): void {
  // VIRTUAL_ENV would point uv at the environment that synthesises, which has nothing to do with the agent's.
  const { VIRTUAL_ENV: _, ...environment } = process.env;
  const done = spawnSync('uv', args, { cwd: directory, env: environment, encoding: 'utf-8', maxBuffer: 2 ** 26 });
  if (done.error !== undefined) {
    throw new StreamingAgentError(
      'SAC014',
      "uv is not installed, and it packages the agent's requirements: run 'pip install uv'",
    );
  }
  if (done.status !== 0) {
    const reason = done.stderr.split(/\s+/).filter(Boolean).join(' ') || `uv ended with status ${done.status}`;
    throw new StreamingAgentError(
      'SAC015',
      `the requirements of '${directory}' cannot be installed for arm64 Linux: ${reason}: ` +
        'name versions that publish aarch64 wheels, or build an image with AgentSource.from_dockerfile',
    );
  }
}

/** The same requirements give the same asset hash on every machine, so that no deployment follows from none. */
function makeReproducible(target: string): void {
  for (const trace of ['.lock', 'uv.lock.requirements.txt']) {
    fs.rmSync(path.join(target, trace), { force: true });
  }
  for (const info of fs.readdirSync(target).filter((name) => name.endsWith('.dist-info'))) {
    for (const name of INSTALLER_TRACES.filter((trace) => trace !== 'RECORD')) {
      fs.rmSync(path.join(target, info, name), { force: true });
    }
    sortRecord(path.join(target, info, 'RECORD'));
  }
  const scripts = path.join(target, 'bin');
  for (const script of isDirectory(scripts) ? fs.readdirSync(scripts) : []) {
    portableInterpreter(path.join(scripts, script));
  }
}

/** Keeps RECORD (importlib.metadata reads it) without the lines of what was taken out or rewritten. */
function sortRecord(record: string): void {
  if (!isFile(record)) return;
  const traces = INSTALLER_TRACES.map((name) => name.replaceAll('.', '\\.')).join('|');
  const gone = new RegExp(`(^\\.?\\.?/?bin/|/(${traces}),)`);
  const lines = fs.readFileSync(record, 'utf-8').split(/\r?\n/).filter((line) => line !== '' && !gone.test(line));
  fs.writeFileSync(record, lines.sort().join('\n') + '\n');
}

/** An installed script names this machine's interpreter in its first line, which is not there on AgentCore. */
function portableInterpreter(script: string): void {
  const text = fs.readFileSync(script);
  const end = text.indexOf('\n');
  const first = text.subarray(0, end).toString('latin1');
  if (first.startsWith('#!') && first.includes('python')) {
    fs.writeFileSync(script, Buffer.concat([Buffer.from('#!/usr/bin/env python3\n'), text.subarray(end + 1)]));
  }
}

/** A glob pattern over one name, as Python's fnmatch reads it. */
function shellPattern(pattern: string): RegExp {
  const body = pattern.replace(/\[!/g, '[^').replace(/[.+^${}()|\\*?]/g, (c, i) => {
    if (c === '*') return '.*';
    if (c === '?') return '.';
    return c === '^' && pattern[i - 1] === '[' ? '^' : `\\${c}`;
  });
  return new RegExp(`^(?:${body})$`, 's');
}

function filesBelow(directory: string): string[] {
  return fs.readdirSync(directory, { recursive: true, encoding: 'utf-8' }).map((name) => path.join(directory, name)).filter(isFile);
}
