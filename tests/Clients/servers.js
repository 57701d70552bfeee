// Starts what the tests talk to: the provider simulator and the real Penstock executable, each on a free port.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const artifacts = join(import.meta.dirname, '../../artifacts/bin');
const configuration = process.env.PENSTOCK_CONFIGURATION ?? 'debug';

export const simulatorKey = 'sk-sim';
export const penstockAssembly = join(artifacts, `Penstock/${configuration}/penstock.dll`);

/** Runs a .NET program and resolves with the first address that it prints. */
function start(assembly, args, env = {}) {
  const child = spawn('dotnet', [assembly, ...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const address = new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`No address within 30 s:\n${output}`)), 30_000);
    const look = (line) => {
      output += line + '\n';
      const found = /http:\/\/(?:127\.0\.0\.1|localhost):\d+/.exec(line);
      if (!found) return;
      clearTimeout(timer);
      resolve(found[0].replace('localhost', '127.0.0.1'));
    };
    createInterface({ input: child.stdout }).on('line', look);
    createInterface({ input: child.stderr }).on('line', look);
    child.on('exit', (code) => reject(new Error(`Ended with ${code}:\n${output}`)));
  });
  const stop = () =>
    new Promise((resolve) => {
      if (child.exitCode !== null) return resolve();
      child.on('exit', resolve);
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), 5_000).unref();
    });
  return { address, stop, output: () => output };
}

/**
 * Both servers. `sim` is a provider of one's own in penstock.json.
 * @param write Gives more of penstock.json, from the base URL of the simulator.
 * @param key Which key the simulator wants, as it takes it on its command line.
 */
export async function startServers(write = () => ({}), key = ['--key', simulatorKey]) {
  const folder = mkdtempSync(join(tmpdir(), 'penstock-clients-'));
  const simulator = start(join(artifacts, `Penstock.Simulator.App/${configuration}/penstock-simulator.dll`), ['--port', '0', ...key]);
  const provider = `${await simulator.address}/v1`;
  const file = join(folder, 'penstock.json');
  const { providers, ...more } = write(provider);
  writeFileSync(file, JSON.stringify({ providers: { sim: { base_url: provider }, ...providers }, ...more }));
  const penstock = start(penstockAssembly, ['--urls', 'http://127.0.0.1:0', '--config', file]);
  const gateway = `${await penstock.address}/v1`;
  return {
    provider,
    gateway,
    async stop() {
      await penstock.stop();
      await simulator.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A provider that a test writes itself, for what the simulator does not tell across a process border. */
export async function startUpstream(handler) {
  const server = http.createServer(handler);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/v1`,
    stop: () => new Promise((resolve) => { server.closeAllConnections(); server.close(resolve); }),
  };
}

/** A provider that keeps what it receives and answers every call with the same JSON. */
export async function startRecorder(reply = { object: 'list', data: [], choices: [], results: [] }, status = 200, headers = {}) {
  const requests = [];
  const upstream = await startUpstream((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      requests.push({ method: request.method, path: request.url, headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(reply));
    });
  });
  return { ...upstream, requests, last: () => requests.at(-1) };
}
